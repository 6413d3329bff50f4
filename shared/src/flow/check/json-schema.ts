import { RE2JS, RE2JSException } from 're2js';
import { z } from 'zod';
import { didYouMean } from '../nearest-name.js';
import { isExpression, isFields, isTemplate } from '../step-mappings.js';
import {
  alternativesOf,
  choicesOf,
  isOfType,
  type JsonSchema,
  nameOf,
  nameOfType,
  opened,
  resolved,
  typesOf,
} from './schema-words.js';

export interface SchemaProblem {
  kind: 'unknown_field' | 'missing' | 'wrong_type';
  path: (string | number)[];
  /** Goes on after the field's name: `must be a number, and it is text.` */
  says: string;
}

const maxDepth = 200;

interface At {
  readonly schema: unknown;
  /** Where `$ref` looks. */
  readonly root: JsonSchema;
  readonly value: unknown;
  readonly path: (string | number)[];
  /** Whether `{ "$": }` and `{{ }}` in the value are to be evaluated: then their type is known only when it runs. */
  readonly isMapping: boolean;
  /** Schemas of imported connectors come from outside; one that refers to itself ends when this is used up. */
  readonly budget: { left: number };
  readonly depth: number;
}

/**
 * Checks what can be known before a run: types, choices, required and unknown fields of what is written out. An
 * expression may give anything, a template gives text. Keywords that look deeper (`multipleOf`, `not`, `if`)
 * are left to the connector, which checks its input when the step runs.
 */
export function checkAgainstSchema(at: { schema: JsonSchema; value: unknown; isMapping: boolean }): SchemaProblem[] {
  return checkValue({ ...at, root: at.schema, path: [], budget: { left: 20_000 }, depth: 0 });
}

function checkValue(above: At): SchemaProblem[] {
  const at = { ...above, depth: above.depth + 1 };
  at.budget.left -= 1;
  const isOver = at.budget.left < 0 || at.depth > maxDepth;
  if (isOver || (at.isMapping && isExpression(at.value))) return [];
  const schema = resolved(at.schema, at.root);
  if (schema === false) return [wrong(at, 'must be left out')];
  if (!isFields(schema)) return [];
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  const choices = alternativesOf(schema);
  if (parts.length === 0 && choices.length === 0) return checkOne(at, schema);
  // What one part leaves out, another may list.
  const isShared = isFields(schema['properties']) || parts.length > 0;
  return [
    ...parts.flatMap((part) => checkValue({ ...at, schema: opened(part, at.root) })),
    ...closest(choices.map((choice) => checkValue({ ...at, schema: isShared ? opened(choice, at.root) : choice }))),
    ...checkOne(at, { additionalProperties: true, ...schema }),
  ];
}

/** Of several ways to be wrong, the one with the least to put right. */
function closest(ways: readonly SchemaProblem[][]): SchemaProblem[] {
  return ways.reduce((best, way) => (way.length < best.length ? way : best), ways[0] ?? []);
}

function checkOne(at: At, schema: JsonSchema): SchemaProblem[] {
  const { value } = at;
  const isText = at.isMapping && isTemplate(value);
  const allowed = choicesOf(schema);
  if (allowed !== null && !isText) return checkChoice(at, allowed);
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    const hint =
      isText && !types.includes('object') ? ' A template gives text; use an expression, which keeps its type.' : '';
    return [wrong(at, `must be ${types.map(nameOfType).join(' or ')}, and it is ${nameOf(value)}`, hint)];
  }
  if (isText) return [];
  if (typeof value === 'string') return checkText(at, value, schema);
  if (typeof value === 'number') return checkNumber(at, value, schema);
  if (Array.isArray(value)) return checkItems(at, value, schema);
  return isFields(value) ? checkFields(at, value, schema) : [];
}

function checkChoice(at: At, allowed: readonly unknown[]): SchemaProblem[] {
  if (allowed.includes(at.value)) return [];
  const names = allowed.map(String);
  const hint = typeof at.value === 'string' ? didYouMean(at.value, names) : '';
  return [wrong(at, names.length === 1 ? `must be ${names[0]}` : `must be one of ${names.join(', ')}`, hint)];
}

const formats: Readonly<Record<string, { readonly schema: z.ZodType; readonly says: string }>> = {
  email: { schema: z.email(), says: 'must be an email address' },
  uri: { schema: z.url(), says: 'must be a full address such as https://example.com/' },
  uuid: { schema: z.guid(), says: 'must be a UUID' },
  date: { schema: z.iso.date(), says: 'must be a date such as 2026-05-01' },
  'date-time': {
    schema: z.iso.datetime({ offset: true }),
    says: 'must be a time with its zone such as 2026-05-01T08:00:00Z',
  },
};

function checkText(at: At, value: string, schema: JsonSchema): SchemaProblem[] {
  const { minLength, maxLength, format, pattern } = schema;
  if (typeof minLength === 'number' && value.length < minLength) {
    return [wrong(at, value === '' ? 'must not be empty' : `must have at least ${minLength} characters`)];
  }
  if (typeof maxLength === 'number' && value.length > maxLength)
    return [wrong(at, `must have at most ${maxLength} characters`)];
  const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known !== undefined) return known.schema.safeParse(value).success ? [] : [wrong(at, known.says)];
  return typeof pattern !== 'string' || hasForm(value, pattern)
    ? []
    : [wrong(at, 'is not in the form that it must have')];
}

/** Patterns come with imported connectors, so a machine reads them that takes linear time. What it can't read, fits. */
function hasForm(value: string, pattern: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(value).find();
  } catch (error) {
    if (error instanceof RE2JSException) return true;
    throw error;
  }
}

function checkNumber(at: At, value: number, schema: JsonSchema): SchemaProblem[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof minimum === 'number' && value < minimum) return [wrong(at, `must be at least ${minimum}`)];
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    return [wrong(at, `must be more than ${exclusiveMinimum}`)];
  if (typeof maximum === 'number' && value > maximum) return [wrong(at, `must be at most ${maximum}`)];
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    return [wrong(at, `must be less than ${exclusiveMaximum}`)];
  return [];
}

function checkItems(at: At, value: readonly unknown[], schema: JsonSchema): SchemaProblem[] {
  const { minItems, maxItems, prefixItems, items } = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    return [wrong(at, `must have at least ${minItems} entries`)];
  if (typeof maxItems === 'number' && value.length > maxItems)
    return [wrong(at, `must have at most ${maxItems} entries`)];
  const first: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
  return value.flatMap((item, index) =>
    checkValue({ ...at, schema: first[index] ?? items ?? true, value: item, path: [...at.path, index] }),
  );
}

function checkFields(at: At, value: Readonly<Record<string, unknown>>, schema: JsonSchema): SchemaProblem[] {
  const properties = isFields(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  // Without a word on further fields a schema that lists fields means these: zod drops others without telling.
  const others = schema['additionalProperties'] ?? Object.keys(properties).length === 0;
  const missing = required
    .filter((field) => !Object.hasOwn(value, field))
    .map(
      (field): SchemaProblem => ({ kind: 'missing', path: [...at.path, field], says: 'is needed: give it a value.' }),
    );
  const inside = Object.entries(value).flatMap(([field, inner]) => {
    const path = [...at.path, field];
    if (Object.hasOwn(properties, field)) return checkValue({ ...at, schema: properties[field], value: inner, path });
    if (others !== false) return checkValue({ ...at, schema: others, value: inner, path });
    const says = `does not exist.${didYouMean(field, Object.keys(properties))}`;
    return [{ kind: 'unknown_field', path, says } satisfies SchemaProblem];
  });
  return [...missing, ...inside];
}

function wrong(at: At, says: string, hint = ''): SchemaProblem {
  return { kind: 'wrong_type', path: at.path, says: `${says}.${hint}` };
}
