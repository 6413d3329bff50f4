import { ExpressionError } from './problem.js';

/** Per evaluation. A step costs 50 to 500 ns, so the worst expression ends within half a second. */
export const maximumSteps = 1_000_000;
/** In units of about a byte: a character counts 1, an array's place 8, a key of an object 32. */
export const maximumMemory = 64 * 1024 * 1024;
/** Of data and of expressions, so that no recursion of ours can exhaust the stack. */
export const maximumDepth = 500;
/** Items in a range; JSONata's own limit is ten million. */
export const maximumRange = 1_000_000;

/** What one evaluation may still use. Makes every expression end, whatever the data. */
export class Budget {
  #steps = maximumSteps;
  #memory = maximumMemory;

  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) {
      throw new ExpressionError({
        code: 'expression.too_many_steps',
        message: 'The expression takes too long. Let it read less data at a time.',
      });
    }
  }

  charge(units: number): void {
    this.#memory -= units;
    if (!(this.#memory >= 0)) {
      throw new ExpressionError({
        code: 'expression.too_much_memory',
        message: 'The expression makes too much data. Let it read less at a time.',
      });
    }
  }

  /** For text that was or will be made. Also spends, since making it takes time. */
  text(length: number): void {
    this.charge(length);
    this.spend(length >> 5);
  }

  enter(depth: number): void {
    if (depth > maximumDepth) {
      throw new ExpressionError({
        code: 'expression.too_deep',
        message: `The data is nested deeper than ${maximumDepth} levels.`,
      });
    }
  }
}
