import type { Budget } from '../budget.js';
import { asText } from '../write-text.js';
import { type Implementation, listAt, numberOrNothing, textAt, textOrNothing, unlessMissing } from './arguments.js';

/** Functions on text. Characters are Unicode code points, but for searching. */
export const textFunctions: Readonly<Record<string, Implementation>> = {
  string: unlessMissing(([value, pretty], budget) => {
    const text = asText(value, budget, pretty === true ? 2 : 0);
    budget.text(text.length);
    return text;
  }),
  substring: unlessMissing((args, budget) =>
    substring({ text: textAt(args, 0), start: numberOrNothing(args, 1), length: numberOrNothing(args, 2), budget }),
  ),
  substringBefore: unlessMissing((args) => {
    const text = textAt(args, 0);
    const place = text.indexOf(String(textOrNothing(args, 1)));
    return place === -1 ? text : text.slice(0, place);
  }),
  substringAfter: unlessMissing((args) => {
    const text = textAt(args, 0);
    const before = String(textOrNothing(args, 1));
    const place = text.indexOf(before);
    return place === -1 ? text : text.slice(place + before.length);
  }),
  lowercase: unlessMissing((args, budget) => counted(textAt(args, 0).toLowerCase(), budget)),
  uppercase: unlessMissing((args, budget) => counted(textAt(args, 0).toUpperCase(), budget)),
  length: unlessMissing((args, budget) => characterCount(textAt(args, 0), budget)),
  trim: unlessMissing((args, budget) =>
    counted(
      textAt(args, 0)
        .replace(/[ \t\n\r]+/g, ' ')
        .replace(/^ | $/g, ''),
      budget,
    ),
  ),
  pad: unlessMissing(pad),
  join: unlessMissing((args, budget) => {
    const parts = listAt(args, 0).map(String);
    const separator = textOrNothing(args, 1) ?? '';
    budget.text(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
    return parts.join(separator);
  }),
};

function counted(text: string, budget: Budget): string {
  budget.text(text.length);
  return text;
}

function characterCount(text: string, budget: Budget): number {
  budget.spend(text.length >> 3);
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}

interface Substring {
  readonly text: string;
  readonly start: number | undefined;
  readonly length: number | undefined;
  readonly budget: Budget;
}

function substring({ text, start = Number.NaN, length, budget }: Substring): string {
  budget.text(text.length);
  const characters = Array.from(text);
  const from = characters.length + start < 0 ? 0 : start;
  if (length === undefined) return characters.slice(from).join('');
  if (length <= 0) return '';
  const end = from >= 0 ? from + length : characters.length + from + length;
  return characters.slice(from, end).join('');
}

function pad(args: readonly unknown[], budget: Budget): string {
  const text = textAt(args, 0);
  const filler = textOrNothing(args, 2) || ' ';
  const width = Math.trunc(numberOrNothing(args, 1) ?? Number.NaN);
  const gap = Math.abs(width) - characterCount(text, budget);
  if (!(gap > 0)) return text;
  const characters = Array.from(filler);
  // Before anything is made, since one call can ask for gigabytes.
  budget.text(text.length + gap * 2);
  const padding = Array.from({ length: gap }, (_, place) => characters[place % characters.length]).join('');
  return width > 0 ? text + padding : padding + text;
}
