import jsonata from 'jsonata';
import { defaultsCost } from './defaults-cost.js';
import { ExpressionError, failure } from './problem.js';
import { isRaw } from './raw.js';

/** In UTF-16 units. */
export const maximumLength = 32_768;
const maximumNodes = 200_000;

/** The parser's tree of an expression. Throws an `ExpressionError`. */
export function parse(text: string): unknown {
  if (text.length > maximumLength) {
    throw new ExpressionError({
      code: 'expression.too_long',
      message: `An expression must not be longer than ${maximumLength} characters.`,
    });
  }
  if (defaultsCost(text) > maximumNodes) {
    throw new ExpressionError({
      code: 'expression.too_complex',
      message: 'Too many ?: and ?? are nested in each other. Bind parts of the expression to variables.',
    });
  }
  try {
    return jsonata(text).ast();
  } catch (error) {
    throw parserProblem(error);
  }
}

function parserProblem(error: unknown): ExpressionError {
  if (error instanceof RangeError) {
    return new ExpressionError({ code: 'expression.too_deep', message: 'The expression is nested too deeply.' });
  }
  if (isRaw(error) && typeof error.code === 'string') {
    const known = failure(error.code, typeof error.position === 'number' ? error.position : undefined);
    const token =
      typeof error.token === 'string' && error.token !== '(end)' ? ` (at ${JSON.stringify(error.token)})` : '';
    return new ExpressionError({ ...known, code: known.code, message: known.message + token });
  }
  return new ExpressionError({
    code: 'expression.syntax',
    message: 'The expression cannot be read. Is a regular expression in it malformed?',
  });
}
