import type { Budget } from './budget.js';
import { failure } from './problem.js';
import { isNumber } from './truth.js';
import { asText } from './write-text.js';

export function arithmetic(
  operator: '+' | '-' | '*' | '/' | '%',
  position: number,
): (left: unknown, right: unknown) => unknown {
  const compute = computations[operator];
  return (left, right) => {
    if (left !== undefined && !isNumber(left)) throw failure('T2001', position);
    if (right !== undefined && !isNumber(right)) throw failure('T2002', position);
    return left === undefined || right === undefined ? undefined : compute(left, right);
  };
}

const computations: Readonly<Record<'+' | '-' | '*' | '/' | '%', (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
};

export function comparison(
  operator: '<' | '<=' | '>' | '>=',
  position: number,
): (left: unknown, right: unknown) => unknown {
  const holds = comparisons[operator];
  return (left, right) => {
    if (!isComparable(left) || !isComparable(right)) throw failure('T2010', position);
    if (left === undefined || right === undefined) return undefined;
    if (typeof left !== typeof right) throw failure('T2009', position);
    return holds(left, right);
  };
}

type Comparable = string | number;
const comparisons: Readonly<Record<'<' | '<=' | '>' | '>=', (left: Comparable, right: Comparable) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function isComparable(value: unknown): value is Comparable | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number';
}

export function contains(list: unknown, item: unknown): boolean {
  if (item === undefined || list === undefined) return false;
  return Array.isArray(list) ? list.indexOf(item) !== -1 : list === item;
}

export function concatenate(left: unknown, right: unknown, budget: Budget): string {
  const joined = (left === undefined ? '' : asText(left, budget)) + (right === undefined ? '' : asText(right, budget));
  budget.text(joined.length);
  return joined;
}
