import { type FieldClass, gravestFirst } from '../connector/field-class.js';
import { entriesOf, isFields, listOf, member } from './opened-document.js';

/** Words of a field's name, the gravest first. What none of them fits counts as personal, as any unknown field does. */
const guesses: readonly (readonly [FieldClass, RegExp])[] = [
  [
    'secret',
    /^(?:password|passwd|passphrase|secret|client ?secret|private ?key|api ?key|access ?token|refresh ?token|pin|otp|totp)$|\b(?:password|passphrase|private key|client secret|api key)\b/,
  ],
  [
    'health',
    /\b(?:health|medical|patient|diagnos[ei]s|icd|prescription|medication|allerg(?:y|ies)|blood|symptoms?|treatment|pregnan(?:t|cy)|disabilit(?:y|ies)|vaccin\w*)\b/,
  ],
  [
    'payment',
    /\b(?:card number|cardnumber|pan|cvc|cvv|iban|bic|swift|routing number|sort code|account number|bank account|card|payment method|expiry|exp month|exp year)\b/,
  ],
];

/** Of a query's paging and order: words of the interface, and nobody's data. */
const plumbing =
  /^(?:limit|offset|page|page ?size|per ?page|cursor|after|before|sort|order|order ?by|fields|include|expand|locale|format)$/;

/** What a field holds, guessed from its name and format; null for a name that says nothing. Never less than personal for a body's. */
function guessClass(name: string, { format, isQuery }: { format?: unknown; isQuery: boolean }): FieldClass | null {
  if (format === 'password') return 'secret';
  const words = name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
  const found = guesses.find(([, pattern]) => pattern.test(words));
  if (found !== undefined) return found[0];
  return isQuery && plumbing.test(words) ? 'internal' : null;
}

/**
 * What the fields of reduced schemas hold by their names, lists by the path of the list; only what says more than
 * "personal", or a query's plumbing. What no path can name (a map's values, a name with a dot) weighs on what it lies in.
 */
export function classesOf(
  properties: Readonly<Record<string, unknown>>,
  { isQuery }: { isQuery: boolean },
): Record<string, FieldClass> {
  const found = new Map<string, FieldClass>();
  for (const [name, schema] of Object.entries(properties)) collect(found, { path: name, name, schema, isQuery });
  return Object.fromEntries(found);
}

function collect(
  found: Map<string, FieldClass>,
  { path, name, schema, isQuery }: { path: string; name: string; schema: unknown; isQuery: boolean },
): void {
  const add = (at: string, one: FieldClass) => {
    const [gravest = one] = gravestFirst([one, found.get(at) ?? one]);
    found.set(at, gravest);
  };
  for (const form of formsOf(schema)) {
    const guess = guessClass(name, { format: member(form, 'format'), isQuery });
    if (guess !== null) add(path, guess);
    const nameless: [string, unknown][] = [];
    for (const [inner, field] of entriesOf(member(form, 'properties'))) {
      if (inner.includes('.')) nameless.push([inner, field]);
      else collect(found, { path: `${path}.${inner}`, name: inner, schema: field, isQuery: false });
    }
    const values = member(form, 'additionalProperties');
    if (isFields(values)) nameless.push(['', values]);
    const inside = new Map<string, FieldClass>();
    for (const [inner, field] of nameless) collect(inside, { path: '', name: inner, schema: field, isQuery: false });
    for (const one of inside.values()) add(path, one);
  }
}

/** The schema itself, what its lists hold, and each of its alternatives. */
function formsOf(schema: unknown): unknown[] {
  return isFields(schema)
    ? [schema, ...formsOf(member(schema, 'items')), ...listOf(member(schema, 'anyOf')).flatMap(formsOf)]
    : [];
}
