import type { Evaluate, Frame } from './frame.js';
import { failure } from './problem.js';
import { type Tuple, TupleStream } from './value.js';

/** Stable merge sort. `goesAfter` says that the first argument belongs after the second. */
export function mergeSort<Item>(items: readonly Item[], goesAfter: (left: Item, right: Item) => boolean): Item[] {
  if (items.length <= 1) return [...items];
  const middle = Math.floor(items.length / 2);
  const left = mergeSort(items.slice(0, middle), goesAfter);
  const right = mergeSort(items.slice(middle), goesAfter);
  const merged: Item[] = [];
  const rest = right.values();
  let next = rest.next();
  for (const item of left) {
    while (!next.done && goesAfter(item, next.value)) {
      merged.push(next.value);
      next = rest.next();
    }
    merged.push(item);
  }
  for (; !next.done; next = rest.next()) merged.push(next.value);
  return merged;
}

export interface Term {
  readonly isDescending: boolean;
  readonly evaluate: Evaluate;
}

/** `^(<a, >b)`. One item, or none, is handed on as it is. */
export function orderBy(
  terms: readonly Term[],
  position: number,
): (items: readonly unknown[], frame: Frame) => readonly unknown[] {
  return (items, frame) => {
    if (items.length <= 1) return items;
    frame.budget.charge(8 * items.length);
    if (items instanceof TupleStream) return orderRows({ rows: items, terms, position, frame });
    return mergeSort(items, (left, right) => {
      frame.budget.spend(1);
      return firstDifference(terms, position, ({ evaluate }) => [evaluate(left, frame), evaluate(right, frame)]) > 0;
    });
  };
}

interface RowOrder {
  readonly rows: TupleStream;
  readonly terms: readonly Term[];
  readonly position: number;
  readonly frame: Frame;
}

function orderRows({ rows, terms, position, frame }: RowOrder): TupleStream {
  const value = (evaluate: Evaluate, row: Tuple): unknown => evaluate(row['@'], frame.inner(row));
  const sorted = mergeSort([...rows], (left, right) => {
    frame.budget.spend(1);
    return firstDifference(terms, position, ({ evaluate }) => [value(evaluate, left), value(evaluate, right)]) > 0;
  });
  const stream = new TupleStream();
  for (const row of sorted) stream.push(row);
  return stream;
}

function firstDifference(terms: readonly Term[], position: number, values: (term: Term) => [unknown, unknown]): number {
  for (const term of terms) {
    const [left, right] = values(term);
    const difference = compareKeys(left, right, position);
    if (difference !== 0)
      return term.isDescending && left !== undefined && right !== undefined ? -difference : difference;
  }
  return 0;
}

/** Nothing comes last, whichever the direction. */
function compareKeys(left: unknown, right: unknown, position: number): number {
  if (left === undefined) return right === undefined ? 0 : 1;
  if (right === undefined) return -1;
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 0 : left < right ? -1 : 1;
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : left < right ? -1 : 1;
  const isKey = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
  throw failure(isKey(left) && isKey(right) ? 'T2007' : 'T2008', position);
}
