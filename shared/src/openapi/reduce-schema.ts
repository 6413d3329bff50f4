import { entriesOf, type Fields, isFields, listOf, member, type OpenedDocument } from './opened-document.js';
import { plainLine } from './texts.js';

/** How much of a schema is kept: deeper, wider or circular parts are left open and take anything. */
export interface Room {
  left: number;
}

const mostDepth = 7;
const mostAlternatives = 8;
const mostChoices = 100;
/** A list of choices takes the room of one more part for each of so many characters. */
const charactersOfAPart = 100;

interface At {
  document: OpenedDocument;
  room: Room;
  /** What a service only reads is not offered, and what it only writes is not expected. */
  direction: 'in' | 'out';
  depth: number;
  /** References on the way here. */
  above: readonly string[];
}

/**
 * A schema of OpenAPI 3.0 or 3.1 as the plain JSON Schema that forms and checks read: references written out, `allOf`
 * merged, `nullable` as a type. It says no to nothing that the document allows, but that a schema with properties and
 * without a type is taken for an object's.
 */
export function reduceSchema(schema: unknown, around: Pick<At, 'document' | 'room' | 'direction'>): Fields {
  return reduce(schema, { ...around, depth: 0, above: [] });
}

function reduce(given: unknown, above: At): Fields {
  const reference = member(given, '$ref');
  const isCircle = typeof reference === 'string' && above.above.includes(reference);
  above.room.left -= 1;
  if (isCircle || above.room.left < 0 || above.depth > mostDepth) return {};
  const schema = above.document.resolve(given);
  if (!isFields(schema)) return {};
  const at = typeof reference === 'string' ? { ...above, above: [...above.above, reference] } : above;
  const parts = listOf(member(schema, 'allOf'))
    .slice(0, 20)
    .map((part) => reduce(part, at));
  const whole = parts.reduce(merge, reduceOne(schema, at));
  return member(given, 'nullable') === true || member(schema, 'nullable') === true ? withNull(whole) : whole;
}

/** `nullable` of 3.0 stands beside an `allOf`, a `oneOf` or a reference as well, and is meant of the whole. */
function withNull(schema: Fields): Fields {
  const { type, enum: choices, anyOf } = schema;
  return withoutNothing({
    ...schema,
    type: type === undefined ? undefined : withOne([type].flat(), 'null'),
    enum: Array.isArray(choices) ? withOne(choices, null) : undefined,
    anyOf: Array.isArray(anyOf) ? [...anyOf, { type: 'null' }] : undefined,
  });
}

function withOne(list: readonly unknown[], one: unknown): unknown[] {
  return list.includes(one) ? [...list] : [...list, one];
}

function reduceOne(schema: Fields, at: At): Fields {
  const alternatives = listOf(member(schema, 'oneOf') ?? member(schema, 'anyOf'));
  const types = typesOf(schema);
  return withoutNothing({
    type: types.length === 1 ? types[0] : types.length === 0 ? undefined : types,
    title: plainLine(member(schema, 'title'), 80) || undefined,
    description: plainLine(member(schema, 'description'), 160) || undefined,
    format: shortText(member(schema, 'format'), 30),
    enum: choicesOf(schema, at.room),
    default: plainValue(member(schema, 'default')),
    pattern: shortText(member(schema, 'pattern'), 200),
    ...boundsOf(schema),
    ...fieldsOf(schema, at),
    items: types.includes('array') || member(schema, 'items') !== undefined ? reduceItems(schema, at) : undefined,
    anyOf:
      alternatives.length === 0 || alternatives.length > mostAlternatives
        ? undefined
        : alternatives.map((one) => reduce(one, { ...at, depth: at.depth + 1 })),
  });
}

function reduceItems(schema: Fields, at: At): Fields {
  return reduce(member(schema, 'items') ?? {}, { ...at, depth: at.depth + 1 });
}

function fieldsOf(schema: Fields, at: At): Fields {
  const hidden = at.direction === 'in' ? 'readOnly' : 'writeOnly';
  const listed = entriesOf(member(schema, 'properties'));
  const isMap = isFields(member(schema, 'additionalProperties'));
  if (listed.length === 0 && !isMap && member(schema, 'additionalProperties') !== false) return {};
  const inner = { ...at, depth: at.depth + 1 };
  const kept = listed.filter(
    ([name, field]) =>
      name !== '__proto__' && name.length <= 200 && member(at.document.resolve(field), hidden) !== true,
  );
  const shown = kept.slice(0, Math.max(0, at.room.left));
  const names = new Set(shown.map(([name]) => name));
  const required = listOf(member(schema, 'required')).filter((name) => typeof name === 'string' && names.has(name));
  // A form that left something out must not refuse it, nor take it for one of a map's values.
  const isWhole = shown.length === listed.length && entriesOf(member(schema, 'patternProperties')).length === 0;
  const isClosed = member(schema, 'additionalProperties') === false;
  return withoutNothing({
    properties:
      shown.length === 0 ? undefined : Object.fromEntries(shown.map(([name, field]) => [name, reduce(field, inner)])),
    required: required.length === 0 ? undefined : [...new Set(required)],
    additionalProperties:
      isWhole && isClosed ? false : isWhole && isMap ? reduce(member(schema, 'additionalProperties'), inner) : true,
  });
}

/** What both say. Where they say different things of one field, the first is kept. */
function merge(one: Fields, other: Fields): Fields {
  const properties = { ...asFields(one['properties'], other['properties']) };
  const required = [...new Set([...listOf(one['required']), ...listOf(other['required'])])];
  const isOpen = one['additionalProperties'] !== undefined || other['additionalProperties'] !== undefined;
  return withoutNothing({
    ...other,
    ...one,
    type: one['type'] ?? other['type'],
    properties: Object.keys(properties).length === 0 ? undefined : properties,
    required: required.length === 0 ? undefined : required,
    additionalProperties: isOpen ? true : undefined,
  });
}

function asFields(one: unknown, other: unknown): Fields {
  return { ...(isFields(other) ? other : {}), ...(isFields(one) ? one : {}) };
}

const knownTypes = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

function typesOf(schema: Fields): string[] {
  const said = [member(schema, 'type') ?? []].flat();
  const types = said.filter((type) => typeof type === 'string').filter((type) => knownTypes.has(type));
  // Beside one that nobody knows, the others say nothing.
  if (types.length < said.length) return [];
  return types.length === 0 && isFields(member(schema, 'properties')) ? ['object'] : [...new Set(types)];
}

/** None where there is no room for them: then any value fits. */
function choicesOf(schema: Fields, room: Room): unknown[] | undefined {
  const fixed = member(schema, 'const');
  const choices = fixed === undefined ? listOf(member(schema, 'enum')) : [fixed];
  const isPlain = choices.every((choice) => choice === null || plainValue(choice) !== undefined);
  if (choices.length === 0 || choices.length > mostChoices || !isPlain) return undefined;
  const cost = Math.ceil(choices.map(String).join('').length / charactersOfAPart);
  if (cost > room.left) return undefined;
  room.left -= cost;
  return [...choices];
}

function boundsOf(schema: Fields): Fields {
  const number = (key: string) => {
    const value = member(schema, key);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  // In 3.0 these two are switches on the bound beside them.
  const above = member(schema, 'exclusiveMinimum') === true ? number('minimum') : number('exclusiveMinimum');
  const below = member(schema, 'exclusiveMaximum') === true ? number('maximum') : number('exclusiveMaximum');
  return {
    minimum: member(schema, 'exclusiveMinimum') === true ? undefined : number('minimum'),
    maximum: member(schema, 'exclusiveMaximum') === true ? undefined : number('maximum'),
    exclusiveMinimum: above,
    exclusiveMaximum: below,
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    minItems: number('minItems'),
    maxItems: number('maxItems'),
  };
}

/** A short text, a number, true or false: what may stand in a form. */
export function plainValue(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return shortText(value, 200);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? value : undefined;
}

function shortText(value: unknown, most: number): string | undefined {
  return typeof value === 'string' && value.length <= most ? value : undefined;
}

function withoutNothing(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
