import type { Budget } from '../budget.js';
import { ExpressionError, failure } from '../problem.js';
import { numberAt, textOrNothing } from './arguments.js';
import { componentOf } from './calendar.js';
import { type DateMarker, readDatePicture } from './date-picture.js';
import { formatInteger, writeInteger } from './integer-format.js';

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const isoPicture = readDatePicture('[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]');

interface Offset {
  readonly hours: number;
  readonly minutes: number;
}

/** `$fromMillis`. */
export function fromMillis(args: readonly unknown[], budget: Budget): string {
  const picture = textOrNothing(args, 1);
  const zone = textOrNothing(args, 2);
  const number = zone === undefined ? 0 : Number.parseInt(zone, 10);
  // Rounding down and the remainder disagree for -0530; JSONata has it so.
  const offset: Offset = { hours: Math.floor(number / 100), minutes: number % 100 };
  const date = new Date(numberAt(args, 0) + (60 * offset.hours + offset.minutes) * 60_000);
  if (Number.isNaN(date.getTime())) {
    throw new ExpressionError({
      code: 'expression.bad_date',
      message: 'The time or the time zone is no time that exists.',
    });
  }
  const parts = picture === undefined ? isoPicture : readDatePicture(picture);
  budget.text((picture?.length ?? 0) + 32 * parts.length);
  return parts.map((part) => (part.kind === 'literal' ? part.text : writeMarker(date, part, offset))).join('');
}

function writeMarker(date: Date, marker: DateMarker, offset: Offset): string {
  const { component, names, integer } = marker;
  switch (component) {
    case 'Z':
    case 'z':
      return writeZone(marker, offset);
    case 'P': {
      const half = date.getUTCHours() >= 12 ? 'pm' : 'am';
      return names === 'upper' ? half.toUpperCase() : half;
    }
    case 'C':
    case 'E':
      return 'ISO';
    default: {
      const value = componentOf(date, component);
      if (names !== null || integer === null) return writeName(value, marker);
      return writeInteger(marker.yearDigits === null ? value : value % 10 ** marker.yearDigits, integer);
    }
  }
}

function writeName(value: number, { component, names, longest }: DateMarker): string {
  const list = component === 'M' || component === 'x' ? monthNames : component === 'F' ? dayNames : null;
  const name = list?.[value - 1];
  if (name === undefined) throw failure('D3133');
  const cased = names === 'upper' ? name.toUpperCase() : names === 'lower' ? name.toLowerCase() : name;
  return longest === undefined ? cased : cased.slice(0, longest);
}

function writeZone({ component, integer, writesZ }: DateMarker, { hours, minutes }: Offset): string {
  const offset = hours * 100 + minutes;
  if (integer?.kind !== 'decimal') throw failure('D3134');
  let text: string;
  if (integer.interval > 0 || integer.mandatory === 3 || integer.mandatory === 4) {
    text = writeInteger(offset, integer);
  } else if (integer.mandatory === 1 || integer.mandatory === 2) {
    text = writeInteger(hours, integer) + (minutes === 0 ? '' : `:${formatInteger(minutes, '00')}`);
  } else {
    throw failure('D3134');
  }
  if (offset === 0 && writesZ) return 'Z';
  return (component === 'z' ? 'GMT' : '') + (offset >= 0 ? '+' : '') + text;
}
