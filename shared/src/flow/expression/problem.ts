/**
 * What is wrong with an expression, or went wrong in it. `position` is where JSONata's parser stood: right after the
 * word or sign in question, in UTF-16 units from the start of the text.
 */
export interface ExpressionProblem {
  code: string;
  message: string;
  position?: number;
}

/**
 * Thrown by compile and evaluate. Codes such as `T2001` are JSONata's own and mean what they mean there;
 * codes that begin with `expression.` are ours: what the allowed subset leaves out, and the limits.
 */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: string;
  readonly position?: number;

  constructor({ code, message, position }: ExpressionProblem) {
    super(message);
    this.code = code;
    if (position !== undefined) this.position = position;
  }
}

/** One sentence for each code that JSONata defines and that can arise here. */
const sentences: Readonly<Record<string, string>> = {
  S0101: 'A text literal has no closing quote.',
  S0102: 'A number literal is out of range.',
  S0103: 'A text literal has an escape sequence that does not exist.',
  S0104: 'The escape sequence \\u must be followed by four hexadecimal digits.',
  S0105: 'A quoted name has no closing backquote.',
  S0106: 'A comment has no closing */.',
  S0201: 'The expression goes on where it should end.',
  S0202: 'Another character was expected here.',
  S0203: 'The expression ends too early.',
  S0204: 'This operator does not exist.',
  S0205: 'This was not expected here.',
  S0206: 'This kind of expression does not exist.',
  S0207: 'The expression ends too early.',
  S0208: 'A parameter of a function must be a variable: start it with $.',
  S0209: 'A predicate cannot follow a grouping.',
  S0210: 'A step can have only one grouping.',
  S0211: 'This operator needs something on its left.',
  S0212: 'The left side of := must be a variable: start it with $.',
  S0213: 'A number, true, false or null cannot be a step of a path.',
  S0214: 'The right side of @ and # must be a variable: start it with $.',
  S0215: 'A @ binding must come before the predicates of its step.',
  S0216: 'A @ binding must come before the sorting of its step.',
  S0217: 'The parent that % asks for cannot be found from here.',
  S0301: 'A regular expression must not be empty.',
  S0302: 'A regular expression has no closing slash.',
  S0401: 'Type parameters belong to functions and arrays only.',
  S0402: 'A choice of types cannot have type parameters.',
  T0410: 'An argument has the wrong type, or there are too many or too few.',
  T0411: 'The current value has the wrong type for this function.',
  T0412: 'The argument must be an array whose values all have the right type.',
  D1001: 'A number is out of range.',
  D1002: 'Only a number can be negated.',
  T1003: 'The key of an object must be text.',
  D1004: 'The regular expression matches nothing, over and over.',
  T1005: 'A function is called by its name with a $ in front.',
  T1006: 'Only a function can be called.',
  D1009: 'Two keys of the object come out the same.',
  D1013: 'This key is reserved.',
  T2001: 'The left side of this operator must be a number.',
  T2002: 'The right side of this operator must be a number.',
  T2003: 'The start of a range must be a whole number.',
  T2004: 'The end of a range must be a whole number.',
  T2006: 'The right side of ~> must be a function.',
  T2007: 'Values to sort by must be of one type.',
  T2008: 'Values to sort by must be numbers or text.',
  T2009: 'The two sides of a comparison must be of one type.',
  T2010: 'The two sides of a comparison must be numbers or text.',
  D2014: 'A range must not exceed ten million numbers.',
  D3001: 'Infinity cannot be turned into text.',
  D3010: 'The text to replace must not be empty.',
  D3011: 'The limit of $replace must not be negative.',
  D3020: 'The limit of $split must not be negative.',
  D3030: 'This value cannot be turned into a number.',
  D3040: 'The limit of $match must not be negative.',
  D3050: 'The function given to $reduce needs at least two parameters.',
  D3060: 'The square root of a negative number does not exist.',
  D3061: 'The power is not a number that can be represented.',
  D3070: '$sort without a function takes only numbers or only text.',
  D3080: 'The picture must have at most two parts.',
  D3081: 'The picture has more than one decimal separator.',
  D3082: 'The picture has more than one percent sign.',
  D3083: 'The picture has more than one per-mille sign.',
  D3084: 'The picture has both a percent and a per-mille sign.',
  D3085: 'The picture has no digit.',
  D3086: 'The picture has text between its digits.',
  D3087: 'In the picture a grouping separator touches the decimal separator.',
  D3088: 'In the picture the whole part ends with a grouping separator.',
  D3089: 'The picture has two grouping separators side by side.',
  D3090: 'In the picture an optional digit follows a digit in the whole part.',
  D3091: 'In the picture a digit follows an optional digit in the fraction.',
  D3092: 'The picture has both an exponent and a percent or per-mille sign.',
  D3093: 'The exponent of the picture must consist of digits.',
  D3100: 'The number base must be between 2 and 36.',
  D3110: 'The text is not a timestamp in ISO 8601.',
  D3130: 'Numbering of this kind is not supported.',
  D3131: 'All digits of the picture must be of one script.',
  D3132: 'The picture asks for a part of date or time that does not exist.',
  D3133: 'Only months and days have names.',
  D3134: 'A time zone has at most four digits.',
  D3135: 'The picture has no closing bracket.',
  D3136: 'The picture does not say enough to read a timestamp.',
  D3137: '$error() was called.',
  D3138: '$single expected one match and found more.',
  D3139: '$single expected one match and found none.',
  D3140: 'The address is malformed.',
  D3141: '$assert() did not hold.',
};

/** An error with one of JSONata's codes. */
export function failure(code: string, position?: number, message?: string): ExpressionError {
  const text = message ?? sentences[code] ?? 'The expression failed.';
  return new ExpressionError(position === undefined ? { code, message: text } : { code, message: text, position });
}
