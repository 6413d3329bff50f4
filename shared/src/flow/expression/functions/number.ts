import type { Budget } from '../budget.js';
import { failure } from '../problem.js';
import { type Implementation, listAt, numberAt, numberOrNothing, unlessMissing } from './arguments.js';

export const numberFunctions: Readonly<Record<string, Implementation>> = {
  number: unlessMissing(([value]) => toNumber(value)),
  floor: unlessMissing((args) => Math.floor(numberAt(args, 0))),
  ceil: unlessMissing((args) => Math.ceil(numberAt(args, 0))),
  abs: unlessMissing((args) => Math.abs(numberAt(args, 0))),
  round: unlessMissing((args) => round(numberAt(args, 0), numberOrNothing(args, 1))),
  sqrt: unlessMissing((args) => {
    const value = numberAt(args, 0);
    if (value < 0) throw failure('D3060');
    return Math.sqrt(value);
  }),
  power: unlessMissing((args) => {
    const result = numberAt(args, 0) ** (numberOrNothing(args, 1) ?? Number.NaN);
    if (!Number.isFinite(result)) throw failure('D3061');
    return result;
  }),
  formatBase: unlessMissing((args, budget) => {
    const radix = round(numberOrNothing(args, 1) ?? 10);
    if (radix < 2 || radix > 36) throw failure('D3100');
    budget.text(1100);
    return round(numberAt(args, 0)).toString(radix);
  }),
  sum: unlessMissing((args, budget) => total(numbersOf(args, budget))),
  max: unlessMissing((args, budget) => extreme(numbersOf(args, budget), Math.max)),
  min: unlessMissing((args, budget) => extreme(numbersOf(args, budget), Math.min)),
  average: unlessMissing((args, budget) => {
    const numbers = numbersOf(args, budget);
    return numbers.length === 0 ? undefined : total(numbers) / numbers.length;
  }),
};

function numbersOf(args: readonly unknown[], budget: Budget): number[] {
  const list = listAt(args, 0);
  budget.spend(list.length);
  return list.filter((item) => typeof item === 'number');
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function extreme(numbers: readonly number[], pick: (left: number, right: number) => number): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((found, number) => pick(found, number));
}

const decimal = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
/** JSONata's own: the first and last alternatives are anchored on one side only. */
const prefixed = /^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/;

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') throw failure('D3030');
  if (decimal.test(value) && Number.isFinite(Number(value))) return Number.parseFloat(value);
  if (prefixed.test(value)) return Number(value);
  throw failure('D3030');
}

/** Half to even. The decimal point is moved in the text of the number, where that loses nothing. */
export function round(value: number, precision?: number): number {
  const shifted = precision ? shift(value, precision) : value;
  const nearest = Math.round(shifted);
  const isHalf = Math.abs(nearest - shifted) === 0.5;
  const even = isHalf && Math.abs(nearest % 2) === 1 ? nearest - 1 : nearest;
  const result = precision ? shift(even, -precision) : even;
  return Object.is(result, -0) ? 0 : result;
}

function shift(value: number, places: number): number {
  const [digits, exponent] = value.toString().split('e');
  return Number(`${digits}e${exponent === undefined ? places : Number(exponent) + places}`);
}
