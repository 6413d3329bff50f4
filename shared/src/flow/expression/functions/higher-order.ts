import { failure } from '../problem.js';
import type { Callable } from '../signature.js';
import { isArrayOfNumbers, truth } from '../truth.js';
import { mergeSort } from '../order.js';
import { emptyObject, Sequence } from '../value.js';
import { callableAt, fieldsAt, type Implementation, listAt, unlessMissing } from './arguments.js';

/** Functions that take a function. */
export const higherOrderFunctions: Readonly<Record<string, Implementation>> = {
  map: unlessMissing((args, budget) => {
    const [list, change] = [listAt(args, 0), callableAt(args, 1)];
    const results = new Sequence();
    for (const [place, item] of list.entries()) {
      budget.charge(8);
      const result = apply(change, [item, place, list]);
      if (result !== undefined) results.push(result);
    }
    return results;
  }),
  filter: unlessMissing((args, budget) => {
    const [list, holds] = [listAt(args, 0), callableAt(args, 1)];
    const results = new Sequence();
    for (const [place, item] of list.entries()) {
      budget.charge(8);
      if (truth(apply(holds, [item, place, list])) === true) results.push(item);
    }
    return results;
  }),
  single: unlessMissing((args) => {
    const list = listAt(args, 0);
    const holds = args[1] === undefined ? null : callableAt(args, 1);
    let found: { item: unknown } | null = null;
    for (const [place, item] of list.entries()) {
      if (holds !== null && truth(apply(holds, [item, place, list])) !== true) continue;
      if (found !== null) throw failure('D3138');
      found = { item };
    }
    if (found === null) throw failure('D3139');
    return found.item;
  }),
  reduce: unlessMissing((args) => {
    const [list, combine, initial] = [listAt(args, 0), callableAt(args, 1), args[2]];
    if (combine.arity < 2) throw failure('D3050');
    const isSeeded = initial !== undefined || list.length === 0;
    let result = isSeeded ? initial : list[0];
    for (let place = isSeeded ? 0 : 1; place < list.length; place++) {
      result = apply(combine, [result, list[place], place, list]);
    }
    return result;
  }),
  each: (args, budget) => {
    const [fields, change] = [fieldsAt(args, 0), callableAt(args, 1)];
    const results = new Sequence();
    for (const [key, value] of Object.entries(fields)) {
      budget.charge(8);
      const result = apply(change, [value, key, fields]);
      if (result !== undefined) results.push(result);
    }
    return results;
  },
  sift: (args, budget) => {
    const fields = fieldsAt(args, 0);
    const entries = Object.entries(fields);
    const holds = entries.length === 0 ? null : callableAt(args, 1);
    const kept = entries.filter(([key, value]) => {
      budget.charge(32);
      return holds !== null && truth(apply(holds, [value, key, fields])) === true;
    });
    if (kept.length === 0) return undefined;
    const result = emptyObject();
    for (const [key, value] of kept) result[key] = value;
    return result;
  },
  sort: unlessMissing((args, budget) => {
    const list = listAt(args, 0);
    if (list.length <= 1) return list;
    budget.charge(8 * list.length);
    if (args[1] !== undefined) {
      const goesAfter = callableAt(args, 1);
      // JSONata takes whatever the function gives by JavaScript's idea of truth here.
      return mergeSort(list, (left, right) => Boolean(goesAfter.call([left, right])));
    }
    budget.spend(4 * list.length);
    if (isArrayOfNumbers(list)) return mergeSort(list, (left, right) => left > right);
    const texts = list.filter((item) => typeof item === 'string');
    if (texts.length < list.length) throw failure('D3070');
    return mergeSort(texts, (left, right) => left > right);
  }),
};

/** As many of the arguments as the function takes, at least one. */
function apply(callable: Callable, args: readonly unknown[]): unknown {
  return callable.call(callable.arity >= args.length ? args : args.slice(0, Math.max(1, callable.arity)));
}
