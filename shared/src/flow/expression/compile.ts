import { Budget } from './budget.js';
import { build } from './build.js';
import { Frame } from './frame.js';
import { lowerExpression } from './lower.js';
import { measure } from './measure.js';
import { parse } from './parse.js';
import { metArray, namesOnly, readPlain } from './path.js';
import { ExpressionError, type ExpressionProblem } from './problem.js';
import { readPaths } from './read-paths.js';
import { InputSequence } from './value.js';

export { ExpressionError, type ExpressionProblem } from './problem.js';

export interface CompiledExpression {
  readonly text: string;
  /** What it reads of its input: property names from the root. A `*` at the end stands for anything below. */
  readonly paths: readonly (readonly string[])[];
  /** It is one plain path, `trigger.body.customer`: its value is what lies there, unchanged. */
  readonly isPlain: boolean;
  /**
   * The value for an input, undefined for nothing. Always ends, asks nothing of the outside, changes nothing.
   * `bindings` are variables by name. Throws an `ExpressionError`.
   */
  evaluate(input: unknown, bindings?: Readonly<Record<string, unknown>>): unknown;
}

/**
 * Compiles an expression in JSONata's syntax, once for all its evaluations.
 * Throws an `ExpressionError` for what is no expression or lies outside the allowed subset.
 *
 * @example compileExpression('trigger.body.amount / 100').evaluate({ trigger: { body: { amount: 1250 } } }) // 12.5
 */
export function compileExpression(text: string): CompiledExpression {
  return guarded(() => {
    const tree = lowerExpression(parse(text));
    const evaluate = build(tree);
    const names = namesOnly(tree);
    const run: CompiledExpression['evaluate'] = (input, bindings) => {
      const budget = new Budget();
      const frame = new Frame({ input, bindings, budget }, null, null);
      const value = evaluate(Array.isArray(input) ? InputSequence.of1(input) : input, frame);
      if (names === null) measure(value, budget);
      return value;
    };
    return {
      text,
      paths: readPaths(tree),
      isPlain: names !== null,
      evaluate: (input, bindings) => {
        const plain = names === null ? metArray : readPlain(names, input);
        return plain === metArray ? guarded(() => run(input, bindings)) : plain;
      },
    };
  });
}

/** What is wrong with an expression, or null. */
export function checkExpression(text: string): ExpressionProblem | null {
  try {
    compileExpression(text);
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { code, message, position } = error;
    return position === undefined ? { code, message } : { code, message, position };
  }
}

/** The stack is the last limit: what is nested too deeply for it is refused as well. */
function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExpressionError({
      code: 'expression.too_deep',
      message: 'The expression or its data is nested too deeply.',
    });
  }
}
