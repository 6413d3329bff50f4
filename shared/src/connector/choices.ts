import { z } from 'zod';
import type { Json } from '../lib/json.js';
import type { Connector } from './declare.js';

const names = z.record(z.string(), z.string());

/** Where a field's choices come from: the `items` of an action of the same connector that only reads. */
export const choicesFromSchema = z.object({
  action: z.string(),
  /** The paths, in an item, of what is put into the field and of what people know it by. */
  value: z.string(),
  label: z.string(),
  /** What the listing asks for, by its own field: the field of this form that says it. */
  input: names.optional(),
  /** Only items that agree with this form, by path: the field that the value there has to equal. */
  where: names.optional(),
});
export type ChoicesFrom = z.output<typeof choicesFromSchema>;

export interface Choice {
  value: string;
  label: string;
}

/** Longer lists are cut here: who looks for more types it. */
export const mostChoices = 500;

/** The fields of a form, by its JSON Schema, whose choices a service knows. */
export function choicesIn(schema: Readonly<Record<string, unknown>>): Map<string, ChoicesFrom> {
  const found = new Map<string, ChoicesFrom>();
  for (const [name, field] of Object.entries(Object(schema.properties))) {
    const from = choicesFromSchema.safeParse(Object(field).choices);
    if (from.success) found.set(name, from.data);
  }
  return found;
}

/** The fields of a form that have to be written out before its choices can be asked for. */
export function fieldsBefore({ input = {}, where = {} }: ChoicesFrom): string[] {
  return [...new Set([...Object.values(input), ...Object.values(where)])];
}

/** What the listing is asked: as much as it gives at once, and what the form says already. */
export function listingInput(
  { actions }: Pick<Connector, 'actions'>,
  { action, input = {} }: ChoicesFrom,
  given: Readonly<Record<string, Json>>,
): Record<string, unknown> {
  const asked = Object.fromEntries(Object.entries(input).map(([to, from]) => [to, given[from]]));
  const takesLimit = Object.hasOwn(Object(actions[action]?.sample.output), 'more');
  return takesLimit ? { ...asked, limit: mostChoices } : asked;
}

/** The choices that an answer of the listing holds, each once, by name. */
export function readChoices(
  { value, label, where = {} }: ChoicesFrom,
  output: unknown,
  given: Readonly<Record<string, Json>>,
): Choice[] {
  const { items } = outputSchema.parse(output);
  const choices = new Map<string, Choice>();
  for (const item of items) {
    const one = textAt(item, value);
    const isHere = Object.entries(where).every(([path, from]) => textAt(item, path) === textAt(given, from));
    if (one !== '' && isHere) choices.set(one, { value: one, label: textAt(item, label) || one });
  }
  return [...choices.values()].toSorted((a, b) => a.label.localeCompare(b.label, 'en'));
}

const outputSchema = z.object({ items: z.array(z.unknown()) });

/** Texts of a list stand one behind the other: some services give a title in parts. */
function textAt(data: unknown, path: string): string {
  if (Array.isArray(data)) return data.map((one) => textAt(one, path)).join('');
  if (path === '') return ['string', 'number'].includes(typeof data) ? String(data) : '';
  const [name = '', ...below] = path.split('.');
  return Object.hasOwn(Object(data), name) ? textAt(Reflect.get(Object(data), name), below.join('.')) : '';
}
