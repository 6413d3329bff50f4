import { isFields } from '../step-mappings.js';

/** JSON Schema as connectors send it: what zod prints, and what OpenAPI documents hold. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema that a `$ref` inside of `root` leads to, or the schema itself. A circle of references allows anything. */
export function resolved(schema: unknown, root: JsonSchema): unknown {
  let at = schema;
  for (let hops = 0; hops < 16; hops += 1) {
    if (!isFields(at) || typeof at['$ref'] !== 'string') return at;
    at = follow(at['$ref'], root);
  }
  return true;
}

function follow(reference: string, root: JsonSchema): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return true;
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isFields(at) || !Object.hasOwn(at, key)) return true;
    at = at[key];
  }
  return at;
}

/** The schema without its silence on further fields being a no. */
export function opened(schema: unknown, root: JsonSchema): unknown {
  const at = resolved(schema, root);
  return isFields(at) ? { additionalProperties: true, ...at } : at;
}

/** Schemas of which one must fit. */
export function alternativesOf(schema: JsonSchema): readonly unknown[] {
  const { anyOf, oneOf } = schema;
  return Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
}

/** The values that are allowed, or null when they aren't listed (or are more than plain values). */
export function choicesOf(schema: JsonSchema): readonly unknown[] | null {
  const listed: unknown = Object.hasOwn(schema, 'const') ? [schema['const']] : schema['enum'];
  return Array.isArray(listed) && !listed.some((choice) => typeof choice === 'object' && choice !== null)
    ? listed
    : null;
}

/** The JSON types that are allowed; none listed allows all. */
export function typesOf(schema: JsonSchema): readonly string[] {
  const { type, nullable } = schema;
  const types = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  return nullable === true && types.length > 0 ? [...types, 'null'] : types;
}

export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isFields(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty (null)',
};

/** A type as people say it: `a whole number`. */
export function nameOfType(type: string): string {
  return typeNames[type] ?? type;
}

/** A value's type as people say it, without the value, which may be long or private. */
export function nameOf(value: unknown): string {
  if (value === null) return 'empty (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  return nameOfType(typeof value);
}
