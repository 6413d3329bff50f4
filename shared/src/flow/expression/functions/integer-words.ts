import { ExpressionError } from '../problem.js';

const few = [
  'Zero',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
  'Thirteen',
  'Fourteen',
  'Fifteen',
  'Sixteen',
  'Seventeen',
  'Eighteen',
  'Nineteen',
];
const fewth = [
  'Zeroth',
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
  'Eleventh',
  'Twelfth',
  'Thirteenth',
  'Fourteenth',
  'Fifteenth',
  'Sixteenth',
  'Seventeenth',
  'Eighteenth',
  'Nineteenth',
];
const tens = ['Twenty', 'Thirty', 'Forty', 'Fifty', 'Sixty', 'Seventy', 'Eighty', 'Ninety'];
const powers = ['Thousand', 'Million', 'Billion', 'Trillion'];

/** 1234 as One Thousand, Two Hundred and Thirty-Four; the largest word repeats for larger numbers. */
export function toWords(value: number, isOrdinal: boolean): string {
  if (value < 20) return (isOrdinal ? fewth : few)[value] ?? String(value);
  if (value < 100) {
    const [ten, rest] = [tens[Math.floor(value / 10) - 2] ?? '', value % 10];
    if (rest > 0) return `${ten}-${toWords(rest, isOrdinal)}`;
    return isOrdinal ? `${ten.slice(0, -1)}ieth` : ten;
  }
  if (value < 1000) return withRest(`${few[Math.floor(value / 100)]} Hundred`, value % 100, isOrdinal);
  const power = Math.min(powers.length, Math.floor(Math.log10(value) / 3));
  const factor = 10 ** (3 * power);
  const whole = Math.floor(value / factor);
  return withRest(`${toWords(whole, false)} ${powers[power - 1]}`, value - whole * factor, isOrdinal);
}

function withRest(words: string, rest: number, isOrdinal: boolean): string {
  if (rest === 0) return isOrdinal ? `${words}th` : words;
  return `${words}${rest < 100 ? ' and ' : ', '}${toWords(rest, isOrdinal)}`;
}

/** The value of each word; `twentieth` and `hundredth` count as their cardinals. */
export const wordValues: ReadonlyMap<string, number> = new Map([
  ...few.map((word, value): [string, number] => [word.toLowerCase(), value]),
  ...fewth.map((word, value): [string, number] => [word.toLowerCase(), value]),
  ...[...tens, 'Hundred'].flatMap((word, index): [string, number][] => [
    [word.toLowerCase(), (index + 2) * 10],
    [`${word.slice(0, -1).toLowerCase()}ieth`, (index + 2) * 10],
  ]),
  ['hundredth', 100],
  ...powers.flatMap((word, index): [string, number][] => [
    [word.toLowerCase(), 10 ** (3 * (index + 1))],
    [`${word.toLowerCase()}th`, 10 ** (3 * (index + 1))],
  ]),
]);

/** Reads what `toWords` writes, in lower case. NaN for an unknown word. */
export function fromWords(text: string): number {
  const segments = [0];
  for (const word of text.split(/,\s|\sand\s|[\s\\-]/)) {
    const value = wordValues.get(word) ?? Number.NaN;
    const top = segments.pop() ?? 0;
    if (!(value < 100)) {
      segments.push(top * value);
    } else if (top >= 1000) {
      segments.push(top, value);
    } else {
      segments.push(top + value);
    }
  }
  return segments.reduce((sum, segment) => sum + segment, 0);
}

const numerals: readonly [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

export function toRoman(value: number): string {
  if (value > 1_000_000) {
    throw new ExpressionError({
      code: 'expression.too_much_memory',
      message: 'The number is too large for Roman numerals.',
    });
  }
  let rest = value;
  let text = '';
  for (const [number, numeral] of numerals) {
    const count = Math.floor(rest / number);
    text += numeral.repeat(count);
    rest -= count * number;
  }
  return text;
}

const romanDigits: ReadonlyMap<string, number> = new Map([
  ['M', 1000],
  ['D', 500],
  ['C', 100],
  ['L', 50],
  ['X', 10],
  ['V', 5],
  ['I', 1],
]);

/** In upper case. NaN for anything else. */
export function fromRoman(text: string): number {
  let total = 0;
  let highest = 1;
  for (const numeral of text.split('').reverse()) {
    const value = romanDigits.get(numeral) ?? Number.NaN;
    if (value < highest) {
      total -= value;
    } else {
      highest = value;
      total += value;
    }
  }
  return total;
}
