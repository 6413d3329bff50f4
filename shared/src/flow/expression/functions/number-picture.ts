import { failure } from '../problem.js';
import type { Fields } from '../value.js';

/** The characters that mean something in a picture; each can be given another by the options. */
export interface Symbols {
  readonly decimal: string;
  readonly grouping: string;
  readonly exponent: string;
  readonly minusSign: string;
  readonly percent: string;
  readonly perMille: string;
  readonly zero: string;
  readonly digit: string;
  readonly patternSeparator: string;
  readonly digits: readonly string[];
  readonly active: readonly string[];
}

export interface NumberPicture {
  readonly text: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Where separators go, counted from the decimal point. */
  readonly wholeGroups: readonly number[];
  readonly regularGrouping: number;
  readonly fractionGroups: readonly number[];
  readonly leastWhole: number;
  readonly scale: number;
  readonly leastFraction: number;
  readonly mostFraction: number;
  readonly leastExponent: number;
}

export function readSymbols(options: Fields): Symbols {
  const symbol = (name: string, usual: string): string => {
    const value = Object.hasOwn(options, name) ? options[name] : undefined;
    return typeof value === 'string' ? value : usual;
  };
  const zero = symbol('zero-digit', '0');
  const digits = Array.from({ length: 10 }, (_, value) => String.fromCharCode(zero.charCodeAt(0) + value));
  const parts = {
    decimal: symbol('decimal-separator', '.'),
    exponent: symbol('exponent-separator', 'e'),
    grouping: symbol('grouping-separator', ','),
    digit: symbol('digit', '#'),
    patternSeparator: symbol('pattern-separator', ';'),
  };
  return {
    ...parts,
    zero,
    digits,
    active: [...digits, ...Object.values(parts)],
    minusSign: symbol('minus-sign', '-'),
    percent: symbol('percent', '%'),
    perMille: symbol('per-mille', '\u2030'),
  };
}

interface Parts {
  readonly text: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly active: string;
  readonly mantissa: string;
  readonly exponent: string | null;
  readonly whole: string;
  readonly fraction: string;
}

/** One half of a picture, before or after the `;`. Throws D3081 to D3093. */
export function analysePicture(text: string, symbols: Symbols): NumberPicture {
  const parts = splitParts(text, symbols);
  checkParts(parts, symbols);
  const isDigit = (character: string): boolean => symbols.digits.includes(character);
  const isPlace = (character: string): boolean => isDigit(character) || character === symbols.digit;
  const count = (part: string, counts: (character: string) => boolean): number => part.split('').filter(counts).length;
  const scale = count(parts.whole, isDigit);
  const wholeGroups = groupPlaces({
    part: parts.whole,
    whole: parts.whole,
    symbols,
    placeOf: (at) => count(parts.whole.slice(at), isPlace),
  });
  const { fraction, whole } = parts;
  const sizes = sizesOf({
    leastWhole: scale,
    leastFraction: count(parts.fraction, isDigit),
    mostFraction: count(parts.fraction, isPlace),
    hasExponent: parts.exponent !== null,
    hasOptionalWhole: parts.whole.includes(symbols.digit),
  });
  return {
    text,
    prefix: parts.prefix,
    suffix: parts.suffix,
    wholeGroups,
    regularGrouping: regularInterval(wholeGroups),
    fractionGroups: groupPlaces({
      part: fraction,
      whole,
      symbols,
      placeOf: (at) => count(fraction.slice(0, at), isPlace),
    }),
    scale,
    ...sizes,
    leastExponent: count(parts.exponent ?? '', isDigit),
  };
}

function splitParts(text: string, symbols: Symbols): Parts {
  const characters = text.split('');
  const isBorder = (character: string): boolean => symbols.active.includes(character) && character !== symbols.exponent;
  const start = Math.max(0, characters.findIndex(isBorder));
  const last = characters.findLastIndex(isBorder);
  const end = last === -1 ? text.length : last + 1;
  const active = text.slice(start, end);
  const at = text.indexOf(symbols.exponent, start);
  // Counted within the whole picture but cut from its active part, prefix or not: so does JSONata.
  const hasExponent = at !== -1 && at <= end;
  const mantissa = hasExponent ? active.substring(0, at) : active;
  const point = mantissa.indexOf(symbols.decimal);
  const suffix = text.slice(end);
  return {
    text,
    prefix: text.slice(0, start),
    suffix,
    active,
    mantissa,
    exponent: hasExponent ? active.substring(at + 1) : null,
    whole: point === -1 ? mantissa : mantissa.slice(0, point),
    fraction: point === -1 ? suffix : mantissa.slice(point + 1),
  };
}

/** The last rule that is broken is the one reported. */
function checkParts(parts: Parts, symbols: Symbols): void {
  const { text, whole, fraction, exponent } = parts;
  const { decimal, grouping, percent, perMille, digit } = symbols;
  const repeats = (symbol: string): boolean => text.indexOf(symbol) !== text.lastIndexOf(symbol);
  const hasDigit = (part: string): boolean => part.split('').some((character) => symbols.digits.includes(character));
  const point = text.indexOf(decimal);
  const isScaled = text.includes(percent) || text.includes(perMille);
  const optionalWhole = whole.indexOf(digit);
  const optionalFraction = fraction.lastIndexOf(digit);
  const touches = text.charAt(point - 1) === grouping || text.charAt(point + 1) === grouping;
  const broken: [string, boolean][] = [
    ['D3081', repeats(decimal)],
    ['D3082', repeats(percent)],
    ['D3083', repeats(perMille)],
    ['D3084', text.includes(percent) && text.includes(perMille)],
    ['D3085', !hasDigit(parts.mantissa) && !parts.mantissa.includes(digit)],
    ['D3086', parts.active.split('').some((character) => !symbols.active.includes(character))],
    ['D3087', point !== -1 && touches],
    ['D3088', point === -1 && whole.charAt(whole.length - 1) === grouping],
    ['D3089', text.includes(grouping + grouping)],
    ['D3090', optionalWhole !== -1 && hasDigit(whole.slice(0, optionalWhole))],
    ['D3091', optionalFraction !== -1 && hasDigit(fraction.slice(optionalFraction))],
    ['D3092', exponent !== null && exponent.length > 0 && isScaled],
    ['D3093', exponent !== null && !exponent.split('').every((character) => symbols.digits.includes(character))],
    ['D3093', exponent === ''],
  ];
  const code = broken.findLast(([, isBroken]) => isBroken)?.[0];
  if (code !== undefined) throw failure(code);
}

interface Grouping {
  readonly part: string;
  readonly whole: string;
  readonly symbols: Symbols;
  readonly placeOf: (at: number) => number;
}

/** Only the first separator of a fraction counts: JSONata looks for the others in the whole part. */
function groupPlaces({ part, whole, symbols: { grouping }, placeOf }: Grouping): number[] {
  const places: number[] = [];
  for (let at = part.indexOf(grouping); at !== -1; at = whole.indexOf(grouping, at + 1)) places.push(placeOf(at));
  return places;
}

/** The one interval that all separators keep, or 0. */
export function regularInterval(places: readonly number[]): number {
  if (places.length === 0) return 0;
  const divisor = (left: number, right: number): number => (right === 0 ? left : divisor(right, left % right));
  const interval = places.reduce(divisor);
  return places.every((_, index) => places.includes((index + 1) * interval)) ? interval : 0;
}

interface Sizes {
  readonly leastWhole: number;
  readonly leastFraction: number;
  readonly mostFraction: number;
}

function sizesOf(given: Sizes & { hasExponent: boolean; hasOptionalWhole: boolean }): Sizes {
  let { leastWhole, leastFraction, mostFraction } = given;
  if (leastWhole === 0 && mostFraction === 0) {
    if (given.hasExponent) [leastFraction, mostFraction] = [1, 1];
    else leastWhole = 1;
  }
  if (given.hasExponent && leastWhole === 0 && given.hasOptionalWhole) leastWhole = 1;
  if (leastWhole === 0 && leastFraction === 0) leastFraction = 1;
  return { leastWhole, leastFraction, mostFraction };
}
