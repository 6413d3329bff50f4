import { failure } from '../problem.js';
import { type DecimalPicture, type IntegerPicture, readIntegerPicture } from './integer-picture.js';
import { toRoman, toWords } from './integer-words.js';

/** `$formatInteger`. */
export function formatInteger(value: number, picture: string): string {
  return writeInteger(Math.floor(value), readIntegerPicture(picture));
}

export function writeInteger(value: number, picture: IntegerPicture): string {
  const text = writePositive(Math.abs(value), picture);
  return value < 0 ? `-${text}` : text;
}

function writePositive(value: number, picture: IntegerPicture): string {
  switch (picture.kind) {
    case 'letters':
      return toLetters(value, picture.letterCase === 'upper' ? 'A' : 'a');
    case 'roman':
      return picture.letterCase === 'upper' ? toRoman(value).toUpperCase() : toRoman(value);
    case 'words': {
      const words = toWords(value, picture.isOrdinal);
      if (picture.letterCase === 'upper') return words.toUpperCase();
      return picture.letterCase === 'lower' ? words.toLowerCase() : words;
    }
    case 'decimal':
      return writeDecimal(value, picture);
    case 'sequence':
      throw failure('D3130');
  }
}

/** a, b, ... z, aa, ab: as columns of a spreadsheet. */
function toLetters(value: number, first: string): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(first.charCodeAt(0) + ((rest - 1) % 26)) + text;
  }
  return text;
}

function writeDecimal(value: number, { mandatory, zero, separators, interval, isOrdinal }: DecimalPicture): string {
  const plain = String(value).padStart(mandatory, '0');
  let text =
    zero === 0x30
      ? plain
      : Array.from(plain, (digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + zero - 0x30)).join('');
  const insert = (fromRight: number, character: string): void => {
    const place = text.length - fromRight;
    // Before the start of a short number JSONata counts from its end, and cuts it.
    text = text.slice(0, Math.max(0, place)) + character + text.slice(place);
  };
  if (interval > 0) {
    const count = Math.floor((text.length - 1) / interval);
    for (let number = count; number > 0; number--) insert(number * interval, separators[0]?.character ?? '');
  } else {
    for (const { place, character } of separators.toReversed()) insert(place, character);
  }
  return isOrdinal ? text + ordinalSuffix(text) : text;
}

function ordinalSuffix(text: string): string {
  if (text.length > 1 && text.at(-2) === '1') return 'th';
  return text.endsWith('1') ? 'st' : text.endsWith('2') ? 'nd' : text.endsWith('3') ? 'rd' : 'th';
}
