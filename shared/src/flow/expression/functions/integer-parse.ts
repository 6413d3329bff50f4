import { failure } from '../problem.js';
import { type DecimalPicture, type IntegerPicture, readIntegerPicture } from './integer-picture.js';
import { fromRoman, fromWords } from './integer-words.js';

/** `$parseInteger`. The text isn't checked against the picture, only read by it. */
export function parseInteger(text: string, picture: string): number {
  return readInteger(text, readIntegerPicture(picture));
}

export function readInteger(text: string, picture: IntegerPicture): number {
  switch (picture.kind) {
    case 'letters':
      return fromLetters(text, picture.letterCase === 'upper' ? 'A' : 'a');
    case 'roman':
      return fromRoman(picture.letterCase === 'upper' ? text : text.toUpperCase());
    case 'words':
      return fromWords(text.toLowerCase());
    case 'decimal':
      return readDecimal(text, picture);
    case 'sequence':
      throw failure('D3130');
  }
}

function fromLetters(text: string, first: string): number {
  const letters = text.split('').reverse();
  return letters.reduce(
    (sum, letter, place) => sum + (letter.charCodeAt(0) - first.charCodeAt(0) + 1) * 26 ** place,
    0,
  );
}

function readDecimal(text: string, { zero, separators, interval, isOrdinal }: DecimalPicture): number {
  // Regular separators are read as commas, whatever they are: so does JSONata.
  const ignored = interval > 0 ? [','] : separators.map(({ character }) => character);
  const digits = ignored.reduce(
    (rest, character) => rest.replaceAll(character, ''),
    isOrdinal ? text.slice(0, -2) : text,
  );
  if (zero === 0x30) return Number.parseInt(digits, 10);
  return Number.parseInt(
    digits
      .split('')
      .map((digit) => String.fromCodePoint(Math.max(0, (digit.codePointAt(0) ?? 0) - zero + 0x30)))
      .join(''),
    10,
  );
}
