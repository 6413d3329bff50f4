import type { Budget } from '../budget.js';
import { failure } from '../problem.js';
import { type Match, Matcher } from '../signature.js';
import { emptyObject, Sequence } from '../value.js';
import {
  type Implementation,
  matcherOrText,
  numberOrNothing,
  textAt,
  textOrNothing,
  unlessMissing,
} from './arguments.js';

/** Functions that search in text, for text or by a regular expression. */
export const regexFunctions: Readonly<Record<string, Implementation>> = {
  contains: unlessMissing((args) => {
    if (args[1] === undefined) return undefined;
    const [text, token] = [textAt(args, 0), matcherOrText(args, 1)];
    if (typeof token === 'string') return text.includes(token);
    for (const _ of token.matches(text)) return true;
    return false;
  }),
  match: unlessMissing((args, budget) => {
    const limit = limitAt(args, 2, 'D3040');
    const pattern = matcherOrText(args, 1);
    const results = new Sequence();
    if (limit <= 0 || typeof pattern === 'string') return results;
    // The match after the last one wanted is looked for as well, as in JSONata, where that can be an error.
    for (const { text, start, groups } of pattern.matches(textAt(args, 0))) {
      if (results.length >= limit) break;
      budget.charge(100 + text.length);
      const result = emptyObject();
      result.match = text;
      result.index = start;
      result.groups = [...groups];
      results.push(result);
    }
    return results;
  }),
  replace: unlessMissing(replace),
  split: unlessMissing((args, budget) => {
    const text = textAt(args, 0);
    const limit = limitAt(args, 2, 'D3020');
    const separator = matcherOrText(args, 1);
    if (limit <= 0) return [];
    budget.text(text.length);
    const parts =
      typeof separator === 'string'
        ? text.split(separator, Number.isFinite(limit) ? limit : undefined)
        : splitBy(text, separator, limit);
    budget.charge(8 * parts.length);
    return parts;
  }),
};

function limitAt(args: readonly unknown[], index: number, code: string): number {
  const limit = numberOrNothing(args, index);
  if (limit !== undefined && limit < 0) throw failure(code);
  return limit ?? Number.POSITIVE_INFINITY;
}

function splitBy(text: string, separator: Matcher, limit: number): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of separator.matches(text)) {
    if (parts.length >= limit) break;
    parts.push(text.slice(from, start));
    from = end;
  }
  if (parts.length < limit) parts.push(text.slice(from));
  return parts;
}

function replace(args: readonly unknown[], budget: Budget): string {
  const text = textAt(args, 0);
  if (args[1] === '') throw failure('D3010');
  const limit = limitAt(args, 3, 'D3011');
  const pattern = matcherOrText(args, 1);
  const replacement = textOrNothing(args, 2);
  if (limit <= 0) return text;
  if (typeof pattern === 'string')
    return replaceText({ text, pattern, replacement: String(replacement), limit, budget });
  let result = '';
  let from = 0;
  let count = 0;
  for (const match of pattern.matches(text)) {
    if (count >= limit) break;
    if (replacement === undefined) throw failure('D3012');
    const written = text.slice(from, match.start) + substitute(replacement, match);
    budget.text(written.length);
    result += written;
    from = match.start + match.text.length;
    count += 1;
  }
  budget.text(text.length);
  return result + text.slice(from);
}

interface Replacing {
  readonly text: string;
  readonly pattern: string;
  readonly replacement: string;
  readonly limit: number;
  readonly budget: Budget;
}

function replaceText({ text, pattern, replacement, limit, budget }: Replacing): string {
  const parts: string[] = [];
  let from = 0;
  for (let place = text.indexOf(pattern); place !== -1 && parts.length < limit; place = text.indexOf(pattern, from)) {
    parts.push(text.slice(from, place));
    from = place + pattern.length;
    budget.text(replacement.length + 8);
  }
  parts.push(text.slice(from));
  budget.text(text.length);
  return parts.join(replacement);
}

/** `$$` is a dollar, `$0` the match, `$1` a group; as many digits count as there can be groups. */
function substitute(replacement: string, { text, groups }: Match): string {
  const most = groups.length === 0 ? 1 : Math.floor(Math.log10(groups.length)) + 1;
  let result = '';
  let from = 0;
  for (let dollar = replacement.indexOf('$'); dollar !== -1; dollar = replacement.indexOf('$', from)) {
    result += replacement.slice(from, dollar);
    from = dollar + 1;
    const next = replacement.charAt(from);
    if (next === '$' || next === '0') {
      result += next === '$' ? '$' : text;
      from += 1;
      continue;
    }
    const number = groupNumber(replacement.slice(from, from + most), groups.length);
    if (number === null) {
      result += '$';
      continue;
    }
    result += groups[number - 1] ?? '';
    from += String(number).length;
  }
  return result + replacement.slice(from);
}

function groupNumber(digits: string, count: number): number | null {
  const number = Number.parseInt(digits, 10);
  if (Number.isNaN(number)) return null;
  if (digits.length === 1 || number <= count) return number;
  const shorter = Number.parseInt(digits.slice(0, -1), 10);
  return Number.isNaN(shorter) ? null : shorter;
}
