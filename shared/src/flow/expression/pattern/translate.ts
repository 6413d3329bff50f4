import { classes, controls, range, refusal, written } from './characters.js';

/** A JavaScript regular expression in RE2's words. */
export interface Translation {
  readonly pattern: string;
  readonly groupCount: number;
  /** Finding all matches reads the text a bounded number of times over. */
  readonly isPrompt: boolean;
}

/** One part of a pattern while it is read. */
interface Piece {
  readonly re2: string;
  readonly canBeEmpty: boolean;
  /** Holds a group that may take no part in a match of the piece. */
  readonly hasOptionalGroup: boolean;
  readonly hasGroup: boolean;
  readonly hasLoop: boolean;
}

/**
 * RE2 matches in linear time, but a few things mean something else there: `.` and `\s`, letter case beyond ASCII,
 * what a group inside a repeat remembers. Each is rewritten to mean what JSONata means, or refused.
 * Works on UTF-16 units, as JavaScript does without its `u` flag.
 */
export function translate(source: string, flags: string): Translation {
  const reader = new Reader(source, flags);
  const piece = reader.alternatives();
  reader.finish();
  return { pattern: piece.re2, groupCount: reader.groupCount, isPrompt: reader.isPrompt };
}

class Reader {
  groupCount = 0;
  isPrompt = true;
  #at = 0;
  #depth = 0;
  readonly #source: string;
  readonly #ignoresCase: boolean;
  readonly #isMultiline: boolean;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#ignoresCase = flags.includes('i');
    this.#isMultiline = flags.includes('m');
  }

  finish(): void {
    if (this.#at < this.#source.length) throw refusal('it has a bracket too many');
  }

  alternatives(): Piece {
    this.#depth += 1;
    if (this.#depth > 100) throw refusal('it is nested too deeply');
    const branches = [this.#sequence()];
    while (this.#take('|')) branches.push(this.#sequence());
    this.#depth -= 1;
    const isChoice = branches.length > 1;
    if (isChoice && branches.some(({ hasLoop }) => hasLoop)) this.isPrompt = false;
    return {
      re2: branches.map(({ re2 }) => re2).join('|'),
      canBeEmpty: branches.some(({ canBeEmpty }) => canBeEmpty),
      hasGroup: branches.some(({ hasGroup }) => hasGroup),
      hasOptionalGroup: branches.some(({ hasOptionalGroup, hasGroup }) => hasOptionalGroup || (isChoice && hasGroup)),
      hasLoop: branches.some(({ hasLoop }) => hasLoop),
    };
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#source.length && this.#next !== '|' && this.#next !== ')') pieces.push(this.#repeated());
    return {
      re2: pieces.map(({ re2 }) => re2).join(''),
      canBeEmpty: pieces.every(({ canBeEmpty }) => canBeEmpty),
      hasGroup: pieces.some(({ hasGroup }) => hasGroup),
      hasOptionalGroup: pieces.some(({ hasOptionalGroup }) => hasOptionalGroup),
      hasLoop: pieces.some(({ hasLoop }) => hasLoop),
    };
  }

  #repeated(): Piece {
    const piece = this.#atom();
    const quantifier = this.#quantifier();
    if (quantifier === null) return piece;
    const { text, least, most } = quantifier;
    if (piece.canBeEmpty) throw refusal('it repeats something that may be empty');
    if (piece.hasOptionalGroup && most > 1) throw refusal('it repeats a group that holds an optional group');
    if (piece.hasLoop && most > 0) this.isPrompt = false;
    return {
      re2: piece.re2 + text,
      canBeEmpty: least === 0,
      hasGroup: piece.hasGroup,
      hasOptionalGroup: piece.hasOptionalGroup || (least === 0 && piece.hasGroup),
      hasLoop: piece.hasLoop || most === Number.POSITIVE_INFINITY,
    };
  }

  #quantifier(): { text: string; least: number; most: number } | null {
    const found = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#source.slice(this.#at));
    if (found === null) return null;
    const [text, from, comma, to] = found;
    this.#at += text.length;
    if (from === undefined)
      return { text, least: text.startsWith('+') ? 1 : 0, most: text.startsWith('?') ? 1 : Number.POSITIVE_INFINITY };
    const least = Number(from);
    const most = comma === undefined ? least : to === '' ? Number.POSITIVE_INFINITY : Number(to);
    if (least > 1000 || (most > 1000 && Number.isFinite(most)) || most === 0)
      throw refusal('it repeats something too often or never');
    return { text, least, most };
  }

  #atom(): Piece {
    const character = this.#step();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return single(this.#class());
      case '.':
        return single('[^\\n\\r\\x{2028}\\x{2029}]');
      case '^':
      case '$':
        if (this.#isMultiline) throw refusal('it uses ^ or $ for each line');
        return this.#assertion(character === '^' ? '\\A' : '\\z');
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw refusal('it repeats nothing');
      default:
        return single(this.#literal(character.charCodeAt(0)));
    }
  }

  #group(): Piece {
    const isCapturing = this.#next !== '?';
    if (!isCapturing) {
      this.#at += 1;
      if (!this.#take(':')) throw refusal('it looks ahead or behind, or names a group');
    } else {
      this.groupCount += 1;
    }
    const inside = this.alternatives();
    if (!this.#take(')')) throw refusal('a bracket is not closed');
    return { ...inside, re2: `(${isCapturing ? '' : '?:'}${inside.re2})`, hasGroup: inside.hasGroup || isCapturing };
  }

  #assertion(re2: string): Piece {
    if (this.#quantifier() !== null) throw refusal('it repeats a place, not a character');
    return { re2, canBeEmpty: true, hasGroup: false, hasOptionalGroup: false, hasLoop: false };
  }

  #escape(): Piece {
    if (this.#next === 'b' || this.#next === 'B') return this.#assertion(`\\${this.#step()}`);
    const set = classes[this.#next];
    if (set === undefined) return single(this.#literal(this.#escapedUnit()));
    this.#at += 1;
    return single(`[${set}]`);
  }

  /** The UTF-16 unit that an escape stands for; the backslash has been read. */
  #escapedUnit(): number {
    const character = this.#step();
    const control = controls[character];
    if (control !== undefined) return control;
    if (character === '0' && !/\d/.test(this.#next)) return 0;
    if (character === 'x' || character === 'u') {
      const digits = this.#source.slice(this.#at, this.#at + (character === 'x' ? 2 : 4));
      if (!/^(?:[\da-fA-F]{2}|[\da-fA-F]{4})$/.test(digits) || digits.length !== (character === 'x' ? 2 : 4))
        throw refusal('an escape in it is not complete');
      this.#at += digits.length;
      return Number.parseInt(digits, 16);
    }
    if (/[\da-zA-Z]/.test(character)) throw refusal(`it uses \\${character}`);
    return character.charCodeAt(0);
  }

  #literal(unit: number): string {
    const other = this.#otherCase(unit);
    return other === null ? written(unit) : `[${written(unit)}${written(other)}]`;
  }

  /** The same letter in the other case where case is ignored. Beyond ASCII the two engines disagree. */
  #otherCase(unit: number): number | null {
    if (unit >= 0xd800) throw refusal('it names a character above U+D7FF');
    if (!this.#ignoresCase) return null;
    const character = String.fromCharCode(unit);
    if (unit > 127 && character.toUpperCase() !== character.toLowerCase())
      throw refusal('it ignores the case of a letter beyond A to Z');
    return /[a-zA-Z]/.test(character) ? unit ^ 32 : null;
  }

  #class(): string {
    const isNegated = this.#take('^');
    let set = '';
    for (;;) {
      if (this.#at >= this.#source.length) throw refusal('a bracket is not closed');
      if (this.#take(']')) break;
      set += this.#classItem();
    }
    if (set === '') throw refusal('it has an empty set of characters');
    return `[${isNegated ? '^' : ''}${set}]`;
  }

  #classItem(): string {
    const from = this.#classUnit();
    if (typeof from === 'string') return from;
    const next = this.#source.slice(this.#at, this.#at + 2);
    if (!next.startsWith('-') || next === '-]' || next.length < 2) return this.#inClass(from, from);
    this.#at += 1;
    const to = this.#classUnit();
    if (typeof to === 'string') return this.#inClass(from, from) + this.#inClass(45, 45) + to;
    if (to < from) throw refusal('a range in it runs backwards');
    return this.#inClass(from, to);
  }

  #classUnit(): number | string {
    const character = this.#step();
    if (character !== '\\') return character.charCodeAt(0);
    if (this.#take('b')) return 8;
    const set = classes[this.#next];
    if (set === undefined) {
      if (this.#take('-')) return 45;
      return this.#escapedUnit();
    }
    this.#at += 1;
    return set;
  }

  #inClass(from: number, to: number): string {
    if (to >= 0xd800) throw refusal('it names a character above U+D7FF');
    let set = range(from, to);
    if (!this.#ignoresCase) return set;
    if (to > 127) {
      if (from !== to || this.#otherCase(from) !== null) throw refusal('it ignores the case of a range beyond ASCII');
      return set;
    }
    for (let unit = from; unit <= to; unit++) {
      const other = this.#otherCase(unit);
      if (other !== null) set += written(other);
    }
    return set;
  }

  get #next(): string {
    return this.#source.charAt(this.#at);
  }

  #step(): string {
    const character = this.#next;
    if (character === '') throw refusal('it ends too early');
    this.#at += 1;
    return character;
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at += 1;
    return true;
  }
}

function single(re2: string): Piece {
  return { re2, canBeEmpty: false, hasGroup: false, hasOptionalGroup: false, hasLoop: false };
}
