import { type CompiledExpression, compileExpression } from './compile.js';
import { ExpressionError, type ExpressionProblem } from './problem.js';
import { compileTemplate, isTemplate } from './template.js';
import { emptyObject, type Fields, isObject } from './value.js';

/** A step's input mapping, compiled. */
export interface CompiledMapping {
  /** What its expressions read of the scope, see `CompiledExpression`. */
  readonly paths: readonly (readonly string[])[];
  /** It holds no expression: the same value for every scope. */
  readonly isPure: boolean;
  /** Throws an `ExpressionError`. */
  evaluate(scope: unknown): unknown;
}

type Path = (string | number)[];
type Part = CompiledMapping['evaluate'];

interface Collected {
  readonly expressions: CompiledExpression[];
  readonly problems: { path: Path; problem: ExpressionError }[];
}

/**
 * Compiles any JSON value. `{ "$": "..." }` is an expression and keeps its type, a string with `{{ }}` is a template,
 * anything else stands for itself, at any depth. A key whose expression gives nothing is left out; in a list, null
 * takes its place. Throws the first `ExpressionError`.
 *
 * @example compileMapping({ name: { $: 'trigger.body.name' }, note: 'From {{ trigger.body.city }}' })
 */
export function compileMapping(value: unknown): CompiledMapping {
  const collected: Collected = { expressions: [], problems: [] };
  const evaluate = compilePart({ value, path: [], collected });
  const [first] = collected.problems;
  if (first !== undefined) throw first.problem;
  return {
    paths: collected.expressions.flatMap(({ paths }) => paths),
    isPure: collected.expressions.length === 0,
    evaluate,
  };
}

/** Everything that is wrong in a mapping, each with the place inside it. */
export function checkMapping(value: unknown): { path: (string | number)[]; problem: ExpressionProblem }[] {
  const collected: Collected = { expressions: [], problems: [] };
  compilePart({ value, path: [], collected });
  return collected.problems.map(({ path, problem: { code, message, position } }) => ({
    path,
    problem: position === undefined ? { code, message } : { code, message, position },
  }));
}

interface Task {
  readonly value: unknown;
  readonly path: Path;
  readonly collected: Collected;
}

function compilePart(task: Task): Part {
  const { value, path, collected } = task;
  if (typeof value === 'string' && isTemplate(value)) return compileWith(task, () => compileTemplate(value));
  if (Array.isArray(value)) return compileItems(value, path, collected);
  if (!isObject(value)) return () => value;
  const expression = expressionIn(value);
  return expression === null
    ? compileFields(value, path, collected)
    : compileWith(task, () => compileExpression(expression));
}

function compileItems(items: readonly unknown[], path: Path, collected: Collected): Part {
  const before = collected.expressions.length;
  const parts = items.map((item, index) => compilePart({ value: item, path: [...path, index], collected }));
  if (collected.expressions.length === before) return () => items;
  return (scope) => parts.map((part) => part(scope) ?? null);
}

function compileFields(fields: Fields, path: Path, collected: Collected): Part {
  const before = collected.expressions.length;
  const parts = Object.entries(fields).map(([key, value]) => ({
    key,
    part: compilePart({ value, path: [...path, key], collected }),
  }));
  // A literal is handed on as it is: no copy for each run.
  if (collected.expressions.length === before) return () => fields;
  return (scope) => {
    const result = emptyObject();
    for (const { key, part } of parts) {
      const value = part(scope);
      if (value !== undefined) result[key] = value;
    }
    return result;
  };
}

function compileWith({ path, collected }: Task, compile: () => CompiledExpression): Part {
  try {
    const compiled = compile();
    collected.expressions.push(compiled);
    return (scope) => compiled.evaluate(scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    collected.problems.push({ path, problem: error });
    return () => undefined;
  }
}

/** The text of an object of exactly `{ "$": "..." }`. */
function expressionIn(fields: Fields): string | null {
  const { $: text } = fields;
  return typeof text === 'string' && Object.keys(fields).length === 1 ? text : null;
}
