import type { Json } from '../../lib/json.js';
import { readPart } from '../read-mapping.js';
import { isExpression, isFields, isTemplate } from '../step-mappings.js';
import { joined, labelOf, moved, unionOf } from './label.js';
import { leaf, mergedShape, movedShape, publicShape, type Shape, shapeOf } from './shape.js';

/** What lies at a path of all that an expression sees. */
export type Scope = (path: readonly string[]) => Shape;

interface Place {
  readonly step: string;
  readonly field: string;
}

/**
 * What a mapping gives, without running it. An expression holds every class of what it reads, whatever it makes of it;
 * a literal is public. One that can't be read counts as unknown.
 */
export function mappingShape(value: Json | undefined, place: Place, scope: Scope): Shape {
  if (value === undefined) return publicShape;
  if (isExpression(value) || isTemplate(value)) return readShape(value, place, scope);
  if (isList(value)) return mergedShape(value.map((item) => mappingShape(item, place, scope)));
  if (!isFields(value)) return publicShape;
  // The fields of a JSON value are JSON.
  const fields = Object.entries(value as Readonly<Record<string, Json>>).map(([name, part]): [string, Shape] => [
    name,
    mappingShape(part, { step: place.step, field: joined(place.field, [name]) }, scope),
  ]);
  return shapeOf(publicShape.own, new Map(fields));
}

function readShape(value: { $: string } | string, { step, field }: Place, scope: Scope): Shape {
  const reading = readPart(value);
  if (reading === null) return leaf(labelOf('personal', step, field));
  const [first] = reading.paths;
  if (reading.isPlain && first !== undefined) return movedShape(scope(first), step, field);
  return leaf(moved(unionOf(reading.paths.map((path) => scope(path).all)), step, field));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
