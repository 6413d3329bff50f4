import type { Budget } from './budget.js';

/**
 * JSONata tells three kinds of array apart. A sequence, the result of a path, gives way to its only item and
 * vanishes when empty; a plain array does not; an array that a step constructed isn't flattened into the next one.
 */
export class Sequence extends Array<unknown> {
  /** What is mapped, filtered or sliced is a plain array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #isKept = false;

  static of1(item: unknown): Sequence {
    const sequence = new this();
    sequence.push(item);
    return sequence;
  }

  /** A kept sequence of one item stays an array: what `[]` after a step asks for. */
  keep(): void {
    this.#isKept = true;
  }

  get isKept(): boolean {
    return this.#isKept;
  }
}

/** The input of an evaluation, wrapped because it is itself an array. */
export class InputSequence extends Sequence {}

export class ConstructedArray extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** One row per item, with the names bound so far and the item itself under `@`. */
export type Tuple = Record<string, unknown>;
export class TupleStream extends Array<Tuple> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function emptyObject(): Fields {
  return Object.create(null);
}

/** What an evaluation step hands on: nothing for an empty sequence, the item for a sequence of one. */
export function collapse(value: unknown): unknown {
  if (!(value instanceof Sequence)) return value;
  if (value.length === 0) return undefined;
  return value.length === 1 && !value.isKept ? value[0] : value;
}

/** Reads own data only. A function a host left in the input does not exist here. */
export function ownValue(object: Fields, key: string): unknown {
  if (!Object.hasOwn(object, key)) return undefined;
  const value = object[key];
  return typeof value === 'function' ? undefined : value;
}

/** `input.key`, mapped over arrays at any depth. */
export function lookup(input: unknown, key: string, budget: Budget): unknown {
  if (isObject(input)) return ownValue(input, key);
  if (!Array.isArray(input)) return undefined;
  budget.spend(input.length);
  const found = new Sequence();
  for (const item of input) {
    const value = lookup(item, key, budget);
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const inner of value) found.push(inner);
    else found.push(value);
  }
  return found;
}

/** Concatenates; the result is a plain array unless one side is missing. */
export function append(left: unknown, right: unknown): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const joined: unknown[] = [];
  if (Array.isArray(left)) for (const item of left) joined.push(item);
  else joined.push(left);
  if (Array.isArray(right)) for (const item of right) joined.push(item);
  else joined.push(right);
  return joined;
}
