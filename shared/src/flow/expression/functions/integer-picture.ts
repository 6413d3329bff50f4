import { failure } from '../problem.js';
import { regularInterval } from './number-picture.js';

export type LetterCase = 'upper' | 'lower' | 'title';
export type IntegerPicture =
  | { readonly kind: 'letters' | 'roman' | 'words'; readonly letterCase: LetterCase; readonly isOrdinal: boolean }
  | { readonly kind: 'sequence' }
  | DecimalPicture;

export interface DecimalPicture {
  readonly kind: 'decimal';
  readonly isOrdinal: boolean;
  /** The code of the digit zero: pictures can be written in any script's digits. */
  readonly zero: number;
  readonly mandatory: number;
  readonly optional: number;
  /** From the right. One entry with its interval if they are regular. */
  readonly separators: readonly Separator[];
  readonly interval: number;
}

export interface Separator {
  readonly place: number;
  readonly character: string;
}

const zeros = [
  0x30, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

const named: Readonly<Record<string, [kind: 'letters' | 'roman' | 'words', letterCase: LetterCase]>> = {
  A: ['letters', 'upper'],
  a: ['letters', 'lower'],
  I: ['roman', 'upper'],
  i: ['roman', 'lower'],
  W: ['words', 'upper'],
  Ww: ['words', 'title'],
  w: ['words', 'lower'],
};

/** Reads a picture of XPath's fn:format-integer, https://www.w3.org/TR/xpath-functions-31/#formatting-integers */
export function readIntegerPicture(picture: string): IntegerPicture {
  const semicolon = picture.lastIndexOf(';');
  const primary = semicolon === -1 ? picture : picture.slice(0, semicolon);
  const isOrdinal = semicolon !== -1 && picture.charAt(semicolon + 1) === 'o';
  const found = Object.hasOwn(named, primary) ? named[primary] : undefined;
  return found === undefined ? readDecimal(primary, isOrdinal) : { kind: found[0], letterCase: found[1], isOrdinal };
}

function readDecimal(primary: string, isOrdinal: boolean): IntegerPicture {
  let [mandatory, optional] = [0, 0];
  let zero: number | null = null;
  const separators: Separator[] = [];
  for (const character of Array.from(primary).reverse()) {
    const code = character.codePointAt(0) ?? 0;
    const script = zeros.find((first) => code >= first && code <= first + 9);
    if (script !== undefined) {
      if (zero !== null && zero !== script) throw failure('D3131');
      zero = script;
      mandatory += 1;
    } else if (character === '#') {
      optional += 1;
    } else {
      separators.push({ place: mandatory + optional, character });
    }
  }
  if (zero === null) return { kind: 'sequence' };
  const isUniform = separators.every(({ character }) => character === separators[0]?.character);
  const interval = isUniform ? regularInterval(separators.map(({ place }) => place)) : 0;
  return { kind: 'decimal', isOrdinal, zero, mandatory, optional, separators, interval };
}
