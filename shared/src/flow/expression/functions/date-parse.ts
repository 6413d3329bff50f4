import { RE2JS } from 're2js';
import type { Budget } from '../budget.js';
import { translate } from '../pattern/translate.js';
import { ExpressionError, failure } from '../problem.js';
import { textAt, textOrNothing } from './arguments.js';
import { dayNames, monthNames } from './date-format.js';
import { type DateMarker, type DatePart, readDatePicture } from './date-picture.js';
import { readInteger } from './integer-parse.js';
import { wordValues } from './integer-words.js';

const iso = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

/** `$toMillis`. Nothing if the text doesn't fit the picture. */
export function toMillis(args: readonly unknown[], budget: Budget): number | undefined {
  const timestamp = textAt(args, 0);
  const picture = textOrNothing(args, 1);
  if (picture === undefined) return isoMillis(timestamp);
  budget.text(20 * (picture.length + timestamp.length));
  const parts = readDatePicture(picture);
  const source = parts.map((part) => `(${patternOf(part)})`).join('');
  const found = RE2JS.compile(translate(`^${source}$`, 'i').pattern).matcher(timestamp);
  if (!found.find()) return undefined;
  const values = new Map<string, number>();
  let seen = 0;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'literal') continue;
    seen += 1;
    const value = readPart(found.group(index + 1) ?? '', part);
    if (value === undefined) values.delete(part.component);
    else values.set(part.component, value);
  }
  return seen === 0 ? undefined : millisOf(values);
}

/** A time without a zone is UTC here, wherever the machine stands. */
function isoMillis(timestamp: string): number {
  const fields = iso.exec(timestamp);
  if (fields === null) throw failure('D3110');
  const [, , , time, , zone] = fields;
  return Date.parse(time !== undefined && zone === undefined ? `${timestamp}Z` : timestamp);
}

function patternOf(part: DatePart): string {
  if (part.kind === 'literal') return part.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const { component, integer } = part;
  if (component === 'Z' || component === 'z')
    return `${component === 'z' ? 'GMT' : ''}[-+][0-9]+${zoneSeparator(part) === '' ? '' : `${zoneSeparator(part)}[0-9]+`}`;
  if (component === 'f') return '[0-9]+';
  if (integer === null) {
    if (!'MxFP'.includes(component)) throw failure('D3133');
    return '[a-zA-Z]+';
  }
  switch (integer.kind) {
    case 'letters':
      return '[a-z]+';
    case 'roman':
      return '[mdclxvi]+';
    case 'words':
      return `(?:${[...wordValues.keys(), 'and', '[\\-, ]'].join('|')})+`;
    case 'decimal':
      return `[0-9]${part.readWidth ? `{${part.readWidth}}` : '+'}${integer.isOrdinal ? '(?:th|st|nd|rd)' : ''}`;
    case 'sequence':
      throw failure('D3130');
  }
}

function zoneSeparator({ integer }: DateMarker): string {
  return integer?.kind === 'decimal' && integer.interval > 0 ? (integer.separators[0]?.character ?? '') : '';
}

function readPart(text: string, marker: DateMarker): number | undefined {
  const { component, integer } = marker;
  if (component === 'Z' || component === 'z')
    return readZone(component === 'z' ? text.slice(3) : text, zoneSeparator(marker));
  if (component === 'f') return Number.parseFloat(`0.${text.slice(0, 3)}`) * 1000;
  if (integer !== null) return readInteger(text, integer);
  if (component === 'P') return text === 'am' || text === 'AM' ? 0 : text === 'pm' || text === 'PM' ? 1 : undefined;
  const names = component === 'F' ? dayNames : monthNames;
  const index = names.findLastIndex((name) => (marker.longest ? name.slice(0, marker.longest) : name) === text);
  return index === -1 ? undefined : index + 1;
}

/** In minutes. */
function readZone(text: string, separator: string): number {
  const at = separator === '' ? 3 : text.indexOf(separator);
  if (separator === '' && text.length <= 3) return Number.parseInt(text, 10) * 60;
  return Number.parseInt(text.slice(0, at), 10) * 60 + Number.parseInt(text.slice(separator === '' ? at : at + 1), 10);
}

/** Whether of the components only those of one way to give a date or time are there, and at least one of them. */
function isGivenBy(values: ReadonlyMap<string, number>, all: string, some: string): boolean {
  const given = all.split('').filter((component) => values.get(component));
  return given.length > 0 && given.every((component) => some.includes(component));
}

/** Dates by week can be written but not read, as in JSONata. */
function millisOf(values: ReadonlyMap<string, number>): number {
  const isDate = (some: string): boolean => isGivenBy(values, 'YXMxWwdD', some);
  const isDayOfYear = !isDate('YMD') && isDate('Yd');
  const isTwelveHours = !isGivenBy(values, 'PHhmsf', 'Hmsf') && isGivenBy(values, 'PHhmsf', 'Phmsf');
  if (isDate('Xxw') || isDate('XW')) throw failure('D3136');
  const filled = fillGaps(values, (isDayOfYear ? 'YD' : 'YMD') + (isTwelveHours ? 'Phmsf' : 'Hmsf'));
  const at = (component: string): number => filled.get(component) ?? Number.NaN;
  const hours = isTwelveHours ? (at('h') === 12 ? 0 : at('h')) + (at('P') === 1 ? 12 : 0) : at('H');
  const [month, day] = isDayOfYear ? dayOfYear(at('Y'), at('d')) : [at('M') > 0 ? at('M') - 1 : 0, at('D')];
  const millis = Date.UTC(at('Y'), month, day, hours, at('m'), at('s'), at('f'));
  return millis - (filled.get('Z') || filled.get('z') || 0) * 60_000;
}

/** A day beyond the end of the year comes back into the same year, as in JSONata. */
function dayOfYear(year: number, day: number): [month: number, day: number] {
  const date = new Date(Date.UTC(year, 0) + (day - 1) * 86_400_000);
  return [date.getUTCMonth(), date.getUTCDate()];
}

/** What comes after the last component given is its least; a gap, or a missing year, cannot be filled. */
function fillGaps(values: ReadonlyMap<string, number>, components: string): Map<string, number> {
  const order = components.split('');
  const given = order.map((component) => values.has(component));
  const [first, last] = [given.indexOf(true), given.lastIndexOf(true)];
  if (first !== -1 && given.slice(first, last).includes(false)) throw failure('D3136');
  if (first !== 0) {
    throw new ExpressionError({
      code: 'expression.no_clock',
      message: 'The picture gives no year, and an expression has no clock to take it from.',
    });
  }
  const filled = new Map(values);
  for (const component of order.slice(last + 1)) filled.set(component, 'MDd'.includes(component) ? 1 : 0);
  return filled;
}

/** Whether a timestamp that fits the picture would have to take its date from a clock. */
export function needsClock(picture: string): boolean {
  try {
    const markers = readDatePicture(picture).filter((part) => part.kind === 'marker');
    if (markers.length > 0) millisOf(new Map(markers.map(({ component }) => [component, 1])));
    return false;
  } catch (error) {
    return error instanceof ExpressionError && error.code === 'expression.no_clock';
  }
}
