import type { FieldClass } from '../../connector/field-class.js';

/** A keyed hash of a text, at least 32 bytes: whoever lacks the key can't try values. */
export type Keyed = (text: string) => Uint8Array;

/** Which classes are replaced, and by whose stand-ins. */
export interface Masking {
  readonly keyed: Keyed;
  readonly classes: ReadonlySet<FieldClass>;
}

const longest = 200;
const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const card = /^\d(?:[ -]?\d){12,18}$/;
const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const emails = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.[^\s@<>"'(),;:.]+/g;
const numbers = /\b\d(?:[ -]?\d){8,18}\b/g;
const address = /^https?:\/\//i;

/**
 * A stand-in of the same form: an e-mail stays one, a card number keeps its last four digits, a time stays a time,
 * letters stay letters and digits digits. The same text under the same key has the same stand-in, so that equal values
 * look equal. Of a secret nothing is kept.
 */
export function maskText(text: string, held: FieldClass, keyed: Keyed): string {
  if (text === '') return '';
  if (held === 'secret') return '••••••••';
  if (email.test(text)) return `${letters(text, 10, keyed)}@masked.invalid`;
  if (address.test(text)) return `https://masked.invalid/${letters(text, 10, keyed)}`;
  if (card.test(text) && isLuhn(text)) return maskCard(text);
  if (time.test(text)) return maskTime(text, keyed);
  const cut = text.length > longest;
  return scramble(cut ? text.slice(0, longest) : text, bytesOf(text, keyed)) + (cut ? '…' : '');
}

/** A number with as many digits, the same sign and another value. */
export function maskNumber(value: number, keyed: Keyed): number {
  const text = String(Math.abs(value));
  const mapped = Number(scramble(/^[\d.]+$/.test(text) ? text : '00000000', bytesOf(text, keyed)));
  return value < 0 ? -mapped : mapped;
}

/** What stands in a sentence that looks like an address or a number that belongs to somebody. */
export function maskSentence(sentence: string, { keyed, classes }: Masking): string {
  const addressed = classes.has('personal')
    ? sentence.replace(emails, (found) => maskText(found, 'personal', keyed))
    : sentence;
  // Of a long number nobody knows whether it pays or calls somebody.
  return classes.has('personal') || classes.has('payment')
    ? addressed.replace(numbers, (found) => maskText(found, 'payment', keyed))
    : addressed;
}

function maskCard(text: string): string {
  const digits = text.replace(/\D/g, '').length;
  let seen = 0;
  return text.replace(/\d/g, (digit) => {
    seen += 1;
    return seen > digits - 4 ? digit : '•';
  });
}

function isLuhn(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].toReversed().map(Number);
  const sum = digits.reduce((all, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return all + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function maskTime(text: string, keyed: Keyed): string {
  const next = bytesOf(text, keyed);
  const two = (from: number, many: number) => String(from + (next() % many)).padStart(2, '0');
  const date = `${1950 + (next() % 100)}-${two(1, 12)}-${two(1, 28)}`;
  const rest = text.slice(10);
  return (
    date +
    rest.replace(
      /^T\d\d:\d\d(?::\d\d)?/,
      (clock) => `T${two(0, 24)}:${two(0, 60)}${clock.length > 6 ? `:${two(0, 60)}` : ''}`,
    )
  );
}

function letters(text: string, count: number, keyed: Keyed): string {
  const next = bytesOf(text, keyed);
  return Array.from({ length: count }, () => String.fromCharCode(97 + (next() % 26))).join('');
}

/** Each letter and digit becomes another one: a stand-in never is its value. */
function scramble(text: string, next: () => number): string {
  let isFirst = true;
  return text.replace(/\p{L}|\p{N}/gu, (sign) => {
    const byte = next();
    if (/\p{N}/u.test(sign)) {
      const digit = /\d/.test(sign) ? Number(sign) : 0;
      const other = (digit + 1 + (byte % 9)) % 10;
      // A number keeps its length only without a nought in front.
      const kept = isFirst && other === 0 ? (digit === 5 ? 6 : 5) : other;
      isFirst = false;
      return String(kept);
    }
    isFirst = false;
    const lower = sign.toLowerCase();
    const at = lower >= 'a' && lower <= 'z' ? lower.charCodeAt(0) - 97 : 0;
    const other = String.fromCharCode(97 + ((at + 1 + (byte % 25)) % 26));
    return sign === lower ? other : other.toUpperCase();
  });
}

/** As many bytes as are asked for. */
function bytesOf(text: string, keyed: Keyed): () => number {
  let block = keyed(text);
  let [at, round] = [0, 0];
  return () => {
    if (at === block.length) {
      round += 1;
      block = keyed(`${round}|${text}`);
      at = 0;
    }
    at += 1;
    return block[at - 1] ?? 0;
  };
}
