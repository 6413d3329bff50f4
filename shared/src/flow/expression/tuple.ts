import type { Evaluate, Frame } from './frame.js';
import { append, emptyObject, type Tuple, TupleStream } from './value.js';

/** What a step adds to each row: `@$focus`, `#$index`, and the item it started from, for `%`. */
export interface RowNames {
  readonly focus: string | null;
  readonly index: string | null;
  readonly ancestor: string | null;
}

/** A step over rows: each result becomes a row with all that its own row had. */
export function rowStep(
  evaluate: Evaluate,
  names: RowNames,
): (rows: TupleStream | null, items: readonly unknown[], frame: Frame) => TupleStream {
  return (rows, items, frame) => {
    const stream = new TupleStream();
    for (const row of rows ?? rowsOf(items)) {
      frame.budget.spend(1);
      const value = evaluate(row['@'], frame.inner(row));
      if (value === undefined) continue;
      if (value instanceof TupleStream) {
        for (const inner of value) stream.push(joined(row, inner, frame));
        continue;
      }
      const results: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const [place, result] of results.entries())
        stream.push(joined(row, rowFor({ names, row, result, place }), frame));
    }
    return stream;
  };
}

function rowsOf(items: readonly unknown[]): Tuple[] {
  const rows: Tuple[] = [];
  for (const item of items) rows.push(rowOf(item));
  return rows;
}

function rowOf(item: unknown): Tuple {
  const row = emptyObject();
  row['@'] = item;
  return row;
}

function joined(row: Tuple, more: Tuple, frame: Frame): Tuple {
  frame.budget.charge(64);
  return Object.assign(emptyObject(), row, more);
}

function rowFor({ names, row, result, place }: { names: RowNames; row: Tuple; result: unknown; place: number }): Tuple {
  const added = rowOf(names.focus === null ? result : row['@']);
  if (names.focus !== null) added[names.focus] = result;
  if (names.index !== null) added[names.index] = place;
  if (names.ancestor !== null) added[names.ancestor] = row['@'];
  return added;
}

/** The rows of a sort that starts a stream, numbered in their new order. */
export function numberedRows(items: readonly unknown[], index: string | null): TupleStream {
  const stream = new TupleStream();
  for (const [place, item] of items.entries()) {
    const row = rowOf(item);
    if (index !== null) row[index] = place;
    stream.push(row);
  }
  return stream;
}

/** `#$name` after a predicate: numbers the rows that are left. */
export function numberRows(rows: unknown, name: string): unknown {
  if (rows instanceof TupleStream) for (const [place, row] of rows.entries()) row[name] = place;
  return rows;
}

/** One row for a whole group: each name holds what the rows held, joined. */
export function mergeRows(rows: readonly Tuple[]): Tuple {
  const merged: Tuple = Object.assign(emptyObject(), rows[0]);
  for (const row of rows.slice(1)) {
    for (const name of Object.keys(row)) merged[name] = append(merged[name], row[name]);
  }
  return merged;
}
