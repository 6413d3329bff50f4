import { maximumRange } from './budget.js';
import { isEqual } from './equality.js';
import type { Evaluate, Frame } from './frame.js';
import { arithmetic, comparison, concatenate, contains } from './operators.js';
import { ExpressionError, failure } from './problem.js';
import type { BinaryOperator } from './tree.js';
import { truth } from './truth.js';
import { Sequence } from './value.js';

interface Binary {
  readonly operator: BinaryOperator;
  readonly left: Evaluate;
  readonly right: Evaluate;
  readonly position: number;
}

/** An operator with two sides. */
export function binaryOf({ operator, left, right, position }: Binary): Evaluate {
  switch (operator) {
    case 'and':
      return (input, frame) => truth(left(input, frame)) === true && truth(right(input, frame)) === true;
    case 'or':
      return (input, frame) => truth(left(input, frame)) === true || truth(right(input, frame)) === true;
    case '&':
      return (input, frame) => concatenate(left(input, frame), right(input, frame), frame.budget);
    case '=':
    case '!=': {
      const wanted = operator === '=';
      return (input, frame) => {
        const [mine, other] = [left(input, frame), right(input, frame)];
        return mine !== undefined && other !== undefined && isEqual(mine, other, frame.budget) === wanted;
      };
    }
    case 'in':
      return (input, frame) => {
        const item = left(input, frame);
        const list = right(input, frame);
        if (Array.isArray(list)) frame.budget.spend(list.length >> 3);
        return contains(list, item);
      };
    case '..':
      return (input, frame) => range({ from: left(input, frame), to: right(input, frame), position, frame });
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const compare = comparison(operator, position);
      return (input, frame) => compare(left(input, frame), right(input, frame));
    }
    default: {
      const compute = arithmetic(operator, position);
      return (input, frame) => compute(left(input, frame), right(input, frame));
    }
  }
}

function range({
  from,
  to,
  position,
  frame,
}: {
  from: unknown;
  to: unknown;
  position: number;
  frame: Frame;
}): Sequence | undefined {
  if (from !== undefined && !isInteger(from)) throw failure('T2003', position);
  if (to !== undefined && !isInteger(to)) throw failure('T2004', position);
  if (from === undefined || to === undefined || from > to) return undefined;
  const size = to - from + 1;
  if (size > 1e7) throw failure('D2014', position);
  if (size > maximumRange) {
    throw new ExpressionError({
      code: 'expression.too_much_memory',
      message: `A range must not exceed ${maximumRange} numbers.`,
      position,
    });
  }
  frame.budget.charge(8 * size);
  frame.budget.spend(size >> 3);
  const numbers = new Sequence();
  for (let number = from; number <= to; number++) numbers.push(number);
  return numbers;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}
