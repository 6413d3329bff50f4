import { ComputeError } from '@sluice/shared/connector';
import { Temporal } from 'temporal-polyfill';

/* Patterns by the letters of Unicode's CLDR (UTS 35, date field symbols), names in English. One table reads and writes. */

export const patternHelp = 'dd.MM.yyyy HH:mm. Letters: yyyy MM dd HH mm ss, MMM EEE, a; text stands in quotes.';

interface Parts {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  weekday?: number;
  isAfternoon?: boolean;
  offset?: string;
  zone?: string;
}
interface Letter {
  pattern: string;
  read(text: string): Parts;
  write(at: Temporal.ZonedDateTime): string;
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

type NumberPart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

function digits(part: NumberPart, width: number, value = (at: Temporal.ZonedDateTime): number => at[part]): Letter {
  return {
    pattern: width === 1 ? String.raw`\d{1,2}` : String.raw`\d{${width}}`,
    read: (text) => ({ [part]: Number(text) }),
    write: (at) => String(value(at)).padStart(width, '0'),
  };
}

function names(part: 'month' | 'weekday', all: readonly string[], at: (at: Temporal.ZonedDateTime) => number): Letter {
  const lower = all.map((name) => name.toLowerCase());
  return {
    pattern: all.join('|'),
    read: (text) => ({ [part]: lower.indexOf(text.toLowerCase()) + 1 }),
    write: (time) => all[at(time) - 1] ?? '',
  };
}

function short(all: readonly string[]): string[] {
  return all.map((name) => name.slice(0, 3));
}

const twelve = (at: Temporal.ZonedDateTime) => at.hour % 12 || 12;
const offset = (colon: string): Letter => ({
  pattern: String.raw`Z|[+-]\d\d${colon}?\d\d`,
  read: (text) => ({ offset: /^z$/i.test(text) ? '+00:00' : `${text.slice(0, 3)}:${text.slice(-2)}` }),
  write: (at) => (at.offset === '+00:00' ? 'Z' : at.offset.slice(0, 6).replace(':', colon)),
});

const letters: ReadonlyMap<string, Letter> = new Map<string, Letter>([
  ['yyyy', digits('year', 4)],
  [
    'yy',
    {
      ...digits('year', 2, (at) => ((at.year % 100) + 100) % 100),
      // As POSIX reads them: 69 to 99 are of the last century.
      read: (text) => ({ year: Number(text) + (Number(text) < 69 ? 2000 : 1900) }),
    },
  ],
  ['MM', digits('month', 2)],
  ['M', digits('month', 1)],
  ['MMMM', names('month', months, (at) => at.month)],
  ['MMM', names('month', short(months), (at) => at.month)],
  ['dd', digits('day', 2)],
  ['d', digits('day', 1)],
  ['EEEE', names('weekday', weekdays, (at) => at.dayOfWeek)],
  ['EEE', names('weekday', short(weekdays), (at) => at.dayOfWeek)],
  ['HH', digits('hour', 2)],
  ['H', digits('hour', 1)],
  ['hh', digits('hour', 2, twelve)],
  ['h', digits('hour', 1, twelve)],
  [
    'a',
    {
      pattern: 'AM|PM',
      read: (text) => ({ isAfternoon: text.toUpperCase() === 'PM' }),
      write: (at) => (at.hour < 12 ? 'AM' : 'PM'),
    },
  ],
  ['mm', digits('minute', 2)],
  ['m', digits('minute', 1)],
  ['ss', digits('second', 2)],
  ['s', digits('second', 1)],
  ['SSS', digits('millisecond', 3)],
  ['XXX', offset(':')],
  ['XX', offset('')],
  ['VV', { pattern: String.raw`[A-Za-z][\w+\-/]*`, read: (zone) => ({ zone }), write: (at) => at.timeZoneId }],
]);

type Piece = { text: string } | { name: string; letter: Letter };

/** Throws ComputeError for letters that stand for nothing, and for one that comes twice. */
function piecesOf(pattern: string): Piece[] {
  const seen = new Set<string>();
  return [...pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g)].map(([whole, quoted, first]) => {
    if (whole === "''") return { text: "'" };
    if (quoted !== undefined) return { text: quoted.replaceAll("''", "'") };
    if (first === undefined && whole !== "'") return { text: whole };
    const letter = letters.get(whole);
    if (letter === undefined) {
      const hint = letters.has(whole.toLowerCase()) ? ` Write ${whole.toLowerCase()}.` : ' Put text into quotes.';
      throw new ComputeError(`${whole.slice(0, 20)} stands for nothing in a pattern.${hint}`);
    }
    if (seen.has(whole)) throw new ComputeError(`The pattern has ${whole} twice: once is enough.`);
    seen.add(whole);
    return { name: whole, letter };
  });
}

export function writeByPattern(at: Temporal.ZonedDateTime, pattern: string): string {
  return piecesOf(pattern)
    .map((piece) => ('text' in piece ? piece.text : piece.letter.write(at)))
    .join('');
}

/** What a text says by a pattern, in `zone` where it names none itself. Throws ComputeError. */
export function readByPattern(text: string, pattern: string, zone: string): Temporal.ZonedDateTime {
  const pieces = piecesOf(pattern);
  const source = pieces.map((piece) =>
    'text' in piece ? piece.text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`) : `(${piece.letter.pattern})`,
  );
  const found = new RegExp(`^${source.join('')}$`, 'i').exec(text.trim());
  if (found === null) throw new ComputeError(`The text is not written as ${pattern}.`);
  const readers = pieces.flatMap((piece) => ('letter' in piece ? [piece.letter] : []));
  const parts: Parts = Object.assign({}, ...readers.map((letter, index) => letter.read(found[index + 1] ?? '')));
  const { year, month, day, weekday } = parts;
  if (year === undefined || month === undefined || day === undefined) {
    throw new ComputeError('The pattern names no day: it needs a year, a month and a day, such as yyyy-MM-dd.');
  }
  try {
    const plain = Temporal.PlainDateTime.from(
      { ...parts, year, month, day, hour: hourOf(parts) },
      { overflow: 'reject' },
    );
    if (weekday !== undefined && plain.dayOfWeek !== weekday) {
      throw new ComputeError(
        `The text names ${weekdays[weekday - 1]}, and the day is a ${weekdays[plain.dayOfWeek - 1]}.`,
      );
    }
    const at = plain.toZonedDateTime(parts.offset ?? parts.zone ?? zone);
    return parts.offset === undefined ? at : at.withTimeZone(parts.zone ?? zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ComputeError(`The text is written as ${pattern}, and there is no such day, hour or zone.`);
  }
}

function hourOf({ hour = 0, isAfternoon }: Parts): number {
  return isAfternoon === undefined ? hour : (hour % 12) + (isAfternoon ? 12 : 0);
}
