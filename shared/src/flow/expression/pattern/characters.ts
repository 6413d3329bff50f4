import { ExpressionError } from '../problem.js';

const space =
  '\\t\\n\\x{0B}\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}';
const notSpace =
  '\\x{0}-\\x{8}\\x{E}-\\x{1F}\\x{21}-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{FFFF}';
/** What the class escapes stand for in JavaScript, to be put between brackets. */
export const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\x{0}-/:-\\x{FFFF}',
  w: '0-9A-Z_a-z',
  W: '\\x{0}-/:-@\\[-\\^`{-\\x{FFFF}',
  s: space,
  S: notSpace,
};
export const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

export function range(from: number, to: number): string {
  return from === to ? written(from) : `${written(from)}-${written(to)}`;
}

export function written(unit: number): string {
  const character = String.fromCharCode(unit);
  return /[0-9a-zA-Z ]/.test(character) ? character : `\\x{${unit.toString(16).toUpperCase()}}`;
}

export function refusal(reason: string): ExpressionError {
  return new ExpressionError({
    code: 'expression.regex',
    message: `This regular expression is not supported: ${reason}.`,
  });
}
