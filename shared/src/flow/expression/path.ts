import type { Evaluate, Frame } from './frame.js';
import type { Node } from './tree.js';
import { collapse, ConstructedArray, isObject, lookup, ownValue, Sequence, TupleStream } from './value.js';

/** One compiled step of a path. */
export interface Step {
  readonly isTuple: boolean;
  readonly isConstructed: boolean;
  readonly bindsFocus: boolean;
  readonly evaluate: Evaluate;
  readonly each: (items: readonly unknown[], frame: Frame, isLast: boolean) => readonly unknown[];
  readonly eachTuple: (rows: TupleStream | null, items: readonly unknown[], frame: Frame) => TupleStream;
}

export interface PathPlan {
  readonly steps: readonly Step[];
  readonly startsAtVariable: boolean;
  readonly keepsSingleton: boolean;
  /** The path lies inside another that needs the names bound in it. */
  readonly keepsTuples: boolean;
  readonly group: ((items: unknown, frame: Frame) => unknown) | null;
}

/** `a.b.c` and nothing else: plain property reads as long as no array is met. */
export function namesOnly(node: Node): string[] | null {
  if (node.kind !== 'path' || node.keepsSingleton || node.keepsArray || node.isTuple || node.group !== null)
    return null;
  const names: string[] = [];
  for (const step of node.steps) {
    if (step.kind !== 'name' || step.isTuple || step.stages.length > 0 || step.predicates.length > 0) return null;
    if (step.keepsArray || step.group !== null) return null;
    names.push(step.name);
  }
  return node.predicates.length > 0 ? null : names;
}

/** Tells that a path met an array, or data of ours, on its way. */
export const metArray: unique symbol = Symbol('met an array');

/** The hot path: nothing but property reads, and no state of an evaluation. */
export function readPlain(names: readonly string[], input: unknown): unknown {
  let value = input;
  for (const name of names) {
    if (!isObject(value)) return Array.isArray(value) ? metArray : undefined;
    value = ownValue(value, name);
    if (value === undefined) return undefined;
  }
  return value instanceof Sequence ? metArray : value;
}

export function readNames(names: readonly string[]): Evaluate {
  const last = names.length - 1;
  return (input, frame) => {
    let value = input;
    for (let at = 0; at <= last; at++) {
      if (!isObject(value)) {
        if (!Array.isArray(value)) return undefined;
        const items = at > 0 && value instanceof ConstructedArray ? [value] : value;
        return readFromArray({ names, at, items, frame });
      }
      value = ownValue(value, names[at] ?? '');
      if (value === undefined) return undefined;
    }
    return value instanceof Sequence ? collapse(copy(value)) : value;
  };
}

function copy(items: readonly unknown[]): Sequence {
  const sequence = new Sequence();
  for (const item of items) sequence.push(item);
  return sequence;
}

interface Rest {
  readonly names: readonly string[];
  readonly at: number;
  readonly items: readonly unknown[];
  readonly frame: Frame;
}

function readFromArray({ names, at, items, frame }: Rest): unknown {
  let found: readonly unknown[] = items;
  for (let step = at; step < names.length; step++) {
    const name = names[step] ?? '';
    frame.budget.spend(found.length);
    const results: unknown[] = [];
    for (const item of found) {
      const value = collapse(lookup(item, name, frame.budget));
      if (value !== undefined) results.push(value);
    }
    found = joinResults(results, step === names.length - 1, frame);
    if (found.length === 0) break;
  }
  return collapse(found);
}

/** One level of arrays is flattened away, but for a single array at the very end. */
export function joinResults(results: readonly unknown[], isLast: boolean, frame: Frame): readonly unknown[] {
  const [only] = results;
  if (isLast && results.length === 1 && Array.isArray(only) && !(only instanceof Sequence)) return only;
  const joined = new Sequence();
  for (const result of results) {
    if (!Array.isArray(result) || result instanceof ConstructedArray) joined.push(result);
    else for (const item of result) joined.push(item);
  }
  frame.budget.charge(8 * joined.length);
  return joined;
}

export function evaluatePath(plan: PathPlan): Evaluate {
  const { steps, startsAtVariable, keepsSingleton, keepsTuples, group } = plan;
  return (input, frame) => {
    let items: readonly unknown[] = Array.isArray(input) && !startsAtVariable ? input : Sequence.of1(input);
    let result: unknown;
    let rows: TupleStream | null = null;
    let isTuple = false;
    for (const [index, step] of steps.entries()) {
      isTuple ||= step.isTuple;
      if (index === 0 && step.isConstructed) {
        result = step.evaluate(items, frame);
        if (result === undefined) break;
        // JSONata loses the binding here and stays where it was.
        if (!step.bindsFocus) items = itemsOf(result);
      } else if (isTuple) {
        rows = step.eachTuple(rows, items, frame);
      } else {
        items = step.each(items, frame, index === steps.length - 1);
        result = items;
      }
      if (!isTuple && (Array.isArray(result) || result === '') && items.length === 0) break;
    }
    if (isTuple && rows !== null) result = keepsTuples ? rows : withoutTuples(rows);
    if (keepsSingleton) result = kept(result);
    return group === null ? result : group(isTuple && rows !== null ? rows : result, frame);
  };
}

/** What JSONata's loop over a value's `length` meets when an array constructor came down to something else. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? value.split('') : nothing;
}
const nothing: readonly unknown[] = [];

function withoutTuples(rows: TupleStream): Sequence {
  const items = new Sequence();
  for (const row of rows) items.push(row['@']);
  return items;
}

function kept(result: unknown): unknown {
  const sequence = result instanceof ConstructedArray ? Sequence.of1(result) : result;
  if (sequence instanceof Sequence) sequence.keep();
  return sequence;
}
