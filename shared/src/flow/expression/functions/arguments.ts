import type { Budget } from '../budget.js';
import { ExpressionError } from '../problem.js';
import { Callable, Matcher } from '../signature.js';
import { type Fields, isObject } from '../value.js';

/** What a built-in function gets: arguments of the types its signature says, any of which may be missing. */
export type Implementation = (args: readonly unknown[], budget: Budget) => unknown;

export function textAt(args: readonly unknown[], index: number): string {
  const value = args[index];
  return typeof value === 'string' ? value : missing(index);
}

export function numberAt(args: readonly unknown[], index: number): number {
  const value = args[index];
  return typeof value === 'number' ? value : missing(index);
}

/** NaN for a missing number, which is what JSONata goes on with. */
export function numberOrNothing(args: readonly unknown[], index: number): number | undefined {
  const value = args[index];
  return typeof value === 'number' ? value : undefined;
}

export function textOrNothing(args: readonly unknown[], index: number): string | undefined {
  const value = args[index];
  return typeof value === 'string' ? value : undefined;
}

export function listAt(args: readonly unknown[], index: number): readonly unknown[] {
  const value = args[index];
  return Array.isArray(value) ? value : missing(index);
}

export function fieldsAt(args: readonly unknown[], index: number): Fields {
  const value = args[index];
  return isObject(value) ? value : {};
}

export function callableAt(args: readonly unknown[], index: number): Callable {
  const value = args[index];
  return value instanceof Callable ? value : missing(index);
}

export function matcherOrText(args: readonly unknown[], index: number): Matcher | string {
  const value = args[index];
  return value instanceof Matcher || typeof value === 'string' ? value : missing(index);
}

function missing(index: number): never {
  throw new ExpressionError({
    code: 'expression.missing_argument',
    message: `Argument ${index + 1} of a function has no value.`,
  });
}

/** A function that gives nothing for nothing, as most do. */
export function unlessMissing(run: Implementation): Implementation {
  return (args, budget) => (args[0] === undefined ? undefined : run(args, budget));
}
