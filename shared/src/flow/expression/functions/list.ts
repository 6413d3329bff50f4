import type { Budget } from '../budget.js';
import { isEqual } from '../equality.js';
import { failure } from '../problem.js';
import { isNumber, truth } from '../truth.js';
import { append, emptyObject, isObject, lookup, Sequence } from '../value.js';
import { asText } from '../write-text.js';
import { type Implementation, listAt, textOrNothing, unlessMissing } from './arguments.js';

/** Functions on lists, objects and anything at all. */
export const listFunctions: Readonly<Record<string, Implementation>> = {
  count: (args) => (args[0] === undefined ? 0 : listAt(args, 0).length),
  append: ([left, right], budget) => {
    // Copying costs time; what it copies replaces what was there.
    if (Array.isArray(left)) budget.spend(left.length >> 4);
    if (Array.isArray(right)) budget.charge(8 * right.length);
    return append(left, right);
  },
  reverse: unlessMissing((args, budget) => {
    const list = listAt(args, 0);
    budget.charge(8 * list.length);
    return list.length <= 1 ? list : list.toReversed();
  }),
  distinct: ([value], budget) => (Array.isArray(value) && value.length > 1 ? distinct(value, budget) : value),
  zip,
  keys: ([value], budget) => keysOf(value, budget),
  lookup: (args, budget) => lookup(args[0], String(textOrNothing(args, 1)), budget),
  spread: ([value], budget) => spread(value, budget),
  merge: unlessMissing((args, budget) => {
    const merged = emptyObject();
    for (const item of listAt(args, 0)) {
      if (!isObject(item)) continue;
      budget.charge(32 * Object.keys(item).length);
      Object.assign(merged, item);
    }
    return merged;
  }),
  exists: ([value]) => value !== undefined,
  boolean: ([value]) => truth(value),
  not: unlessMissing(([value]) => truth(value) !== true),
  type: unlessMissing(([value]) => typeName(value)),
  error: (args) => {
    throw failure('D3137', undefined, textOrNothing(args, 0) || '$error() function evaluated');
  },
  assert: (args) => {
    if (args[0] !== true) throw failure('D3141', undefined, textOrNothing(args, 1) || '$assert() statement failed');
    return undefined;
  },
  clone: unlessMissing(([value], budget) => parseCopy(asText(value, budget))),
};

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : 'object';
}

/** Text and numbers are looked up, objects compared with each other. */
function distinct(list: readonly unknown[], budget: Budget): unknown[] {
  const results: unknown[] = list instanceof Sequence ? new Sequence() : [];
  const seen = new Set<unknown>();
  const objects: unknown[] = [];
  for (const item of list) {
    budget.spend(1);
    if (typeof item === 'object' && item !== null) {
      budget.spend(objects.length);
      if (objects.some((other) => isEqual(item, other, budget))) continue;
      objects.push(item);
    } else {
      if (seen.has(item) && !Number.isNaN(item)) continue;
      seen.add(item);
    }
    results.push(item);
  }
  return results;
}

function zip(args: readonly unknown[], budget: Budget): unknown[] {
  const lists = args.map((arg) => (Array.isArray(arg) ? arg : []));
  const length = Math.min(...lists.map((list) => list.length));
  budget.charge(8 * length * lists.length);
  return Array.from({ length }, (_, place) => lists.map((list) => list[place]));
}

function keysOf(value: unknown, budget: Budget): Sequence {
  const keys = new Sequence();
  budget.spend(1);
  if (Array.isArray(value)) {
    const merged = emptyObject();
    for (const item of value) for (const key of keysOf(item, budget)) merged[String(key)] = true;
    return keysOf(merged, budget);
  }
  if (!isObject(value)) return keys;
  for (const key of Object.keys(value)) keys.push(key);
  budget.charge(8 * keys.length);
  return keys;
}

function spread(value: unknown, budget: Budget): unknown {
  budget.spend(1);
  if (Array.isArray(value)) {
    const parts = value.map((item) => spread(item, budget)).filter((part) => part !== undefined);
    return parts.length === 0 ? new Sequence() : parts.flatMap((part) => part);
  }
  if (!isObject(value)) return value;
  const parts = new Sequence();
  for (const [key, field] of Object.entries(value)) {
    const part = emptyObject();
    part[key] = field;
    parts.push(part);
  }
  budget.charge(48 * parts.length);
  return parts;
}

/** A copy made by way of its text; a key such as `__proto__` is a key like any other. */
function parseCopy(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => (isObject(value) ? Object.assign(emptyObject(), value) : value));
}
