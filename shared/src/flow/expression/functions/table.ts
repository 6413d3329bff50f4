import { type Implementation, numberAt, textAt, unlessMissing } from './arguments.js';
import { fromMillis } from './date-format.js';
import { toMillis } from './date-parse.js';
import { encodeFunctions } from './encode.js';
import { formatNumber } from './format-number.js';
import { higherOrderFunctions } from './higher-order.js';
import { formatInteger } from './integer-format.js';
import { parseInteger } from './integer-parse.js';
import { listFunctions } from './list.js';
import { numberFunctions } from './number.js';
import { regexFunctions } from './regex.js';
import { textFunctions } from './text.js';

/** What each built-in function does. */
export const implementations: Readonly<Record<string, Implementation>> = {
  ...textFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...higherOrderFunctions,
  ...regexFunctions,
  ...encodeFunctions,
  formatNumber: unlessMissing(formatNumber),
  formatInteger: unlessMissing((args, budget) => {
    const text = formatInteger(numberAt(args, 0), textAt(args, 1));
    budget.text(text.length + textAt(args, 1).length);
    return text;
  }),
  parseInteger: unlessMissing((args, budget) => {
    budget.text(textAt(args, 0).length + textAt(args, 1).length);
    return parseInteger(textAt(args, 0), textAt(args, 1));
  }),
  fromMillis: unlessMissing(fromMillis),
  toMillis: unlessMissing(toMillis),
};
