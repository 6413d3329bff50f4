import type { KeptValue } from '../../engine/open-payloads.js';
import { partsOf } from '../../engine/step-key.js';

/** What is looked for, as it is compared. */
export type Needle = string & { readonly __brand: 'needle' };

export function needleOf(value: string): Needle {
  return fold(value) as Needle; // The one place that makes them.
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Whether a text has it as a whole: what goes on with a letter or a digit is another value. */
export function holdsText(text: string, needle: Needle): boolean {
  const folded = fold(text);
  for (let at = folded.indexOf(needle); at !== -1; at = folded.indexOf(needle, at + 1)) {
    const [before, first] = [lastOf(folded.slice(0, at)), firstOf(needle)];
    const [last, after] = [lastOf(needle), firstOf(folded.slice(at + needle.length))];
    if (!(isWord(before) && isWord(first)) && !(isWord(last) && isWord(after))) return true;
  }
  return false;
}

/** The same of anything that JSON can hold; names of fields count. */
export function holds(value: unknown, needle: Needle): boolean {
  if (typeof value === 'string') return holdsText(value, needle);
  if (typeof value === 'number' || typeof value === 'bigint') return holdsText(String(value), needle);
  if (Array.isArray(value)) return value.some((each) => holds(each, needle));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, each]) => holdsText(name, needle) || holds(each, needle));
}

/** Where a run's values have it: `event`, `step charge`. Passes of a loop are one step. */
export function placesIn(values: readonly KeptValue[], needle: Needle): string[] {
  const places = new Set<string>();
  for (const { kind, step, value } of values) {
    if (kind === 'outputs') {
      for (const [key, output] of Object.entries(asRecord(value))) if (holds(output, needle)) places.add(stepOf(key));
    } else if (holds(value, needle)) {
      places.add(kind === 'event' ? 'event' : stepOf(step));
    }
  }
  return [...places];
}

/** Whether a file has it, wherever its pieces are cut. Bytes are compared: in what is compressed or encrypted it isn't seen. */
export async function fileHolds(content: AsyncIterable<Buffer>, needle: Needle): Promise<boolean> {
  const wanted = Buffer.from(needle).toString('latin1').toLowerCase();
  let rest = '';
  for await (const piece of content) {
    const text = rest + piece.toString('latin1').toLowerCase();
    if (text.includes(wanted)) return true;
    rest = text.slice(-(wanted.length - 1));
  }
  return false;
}

function stepOf(key: string): string {
  return `step ${partsOf(key).step}`;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function firstOf(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function lastOf(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? '';
}

function isWord(character: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(character);
}
