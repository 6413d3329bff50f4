import type { Evaluate, Frame } from './frame.js';
import { isArrayOfNumbers, isNumber, truth } from './truth.js';
import { Sequence, TupleStream } from './value.js';

/** `[predicate]`: keeps the items that it holds for, or whose place it gives. */
export function filterBy(predicate: Evaluate): (value: unknown, frame: Frame) => unknown {
  return (value, frame) => {
    const rows = value instanceof TupleStream ? value : null;
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const kept: unknown[] = rows === null ? new Sequence() : new TupleStream();
    frame.budget.spend(items.length);
    for (const [place, item] of items.entries()) {
      const row = rows?.[place];
      const result = row === undefined ? predicate(item, frame) : predicate(row['@'], frame.inner(row));
      const picks = isNumber(result) ? [result] : result;
      if (isArrayOfNumbers(picks)) {
        for (const pick of picks) if (placeOf(pick, items.length) === place) kept.push(item);
      } else if (truth(result) === true) {
        kept.push(item);
      }
    }
    return kept;
  };
}

/** `[3]`, `[-1]`: one item by its place. */
export function filterAt(number: number): (value: unknown) => unknown {
  return (value) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const item = items[placeOf(number, items.length)];
    if (Array.isArray(item)) return item;
    if (value instanceof TupleStream) {
      const row = value[placeOf(number, items.length)];
      return row === undefined ? new TupleStream() : TupleStream.of(row);
    }
    return item === undefined ? new Sequence() : Sequence.of1(item);
  };
}

function placeOf(number: number, length: number): number {
  const place = Math.floor(number);
  return place < 0 ? length + place : place;
}
