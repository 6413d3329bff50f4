import { type FieldClass, gravestFirst } from '../connector/field-class.js';
import type { Json } from '../lib/json.js';
import { isExpression, isFields } from './step-mappings.js';

/** One value that a mapping puts into an input: `properties.email`; entries of a list count as one field. */
export interface MappedField {
  readonly field: string;
  readonly path: readonly string[];
  readonly value: Json;
}

/** The values of an input mapping, down to each literal, template or expression. */
export function mappedFields(input: Readonly<Record<string, Json>>): MappedField[] {
  return Object.entries(input).flatMap(([field, value]) => fieldsIn([field], value));
}

function fieldsIn(path: readonly string[], value: Json): MappedField[] {
  const whole = { field: path.join('.'), path, value };
  if (isExpression(value)) return [whole];
  if (isList(value)) return value.some(isNested) ? value.flatMap((item) => fieldsIn(path, item)) : [whole];
  if (!isFields(value) || Object.keys(value).length === 0) return [whole];
  return Object.entries(value).flatMap(([inner, part]) => fieldsIn([...path, inner], part));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null && !isExpression(value);
}

/**
 * What a field holds, by the connector's word for it or for what it is part of. Of a field that is filled as a whole,
 * the most delicate of its parts. Personal when nothing is said: a mistake should cost an approval, not a person.
 */
export function classOf(field: string, classes: Readonly<Record<string, FieldClass>>): FieldClass {
  const parts = Object.keys(classes).filter((path) => path.startsWith(`${field}.`));
  const said = parts.map((path) => classes[path] ?? 'personal');
  return gravestFirst([...said, ownClass(field, classes)])[0] ?? 'personal';
}

function ownClass(field: string, classes: Readonly<Record<string, FieldClass>>): FieldClass {
  for (let path = field; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    if (Object.hasOwn(classes, path)) return classes[path] ?? 'personal';
  }
  return 'personal';
}
