import type { Evaluate, Frame } from './frame.js';
import { InputSequence, isObject, Sequence } from './value.js';

/** `*`: all values of an object. From the first array on the result is a plain array, as in JSONata. */
export const wildcard: Evaluate = (input, frame) => {
  const object: unknown = input instanceof InputSequence ? input[0] : input;
  let values: unknown[] = new Sequence();
  if (typeof object !== 'object' || object === null) return values;
  for (const value of Object.values(object)) {
    if (typeof value === 'function') continue;
    if (!Array.isArray(value)) {
      values.push(value);
      continue;
    }
    if (values instanceof Sequence) values = Array.from(values);
    flattenInto(values, value, frame);
  }
  frame.budget.charge(8 * values.length);
  return values;
};

function flattenInto(target: unknown[], items: readonly unknown[], frame: Frame): void {
  frame.budget.spend(items.length);
  for (const item of items) {
    if (Array.isArray(item)) flattenInto(target, item, frame);
    else target.push(item);
  }
}

/** `**`: the value itself and all values within it, at any depth. */
export const descendants: Evaluate = (input, frame) => {
  if (input === undefined) return undefined;
  const found = new Sequence();
  collect(input, found, frame);
  return found.length === 1 ? found[0] : found;
};

function collect(value: unknown, found: unknown[], frame: Frame): void {
  frame.budget.spend(1);
  if (typeof value === 'function') return;
  if (!Array.isArray(value)) {
    found.push(value);
    frame.budget.charge(8);
  }
  const inner = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const item of inner) collect(item, found, frame);
}
