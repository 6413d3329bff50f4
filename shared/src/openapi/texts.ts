/** Characters that steer text or can't be seen: controls, formats (right-to-left marks, joiners), private use. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]+/gu;

/** What a document says, as one line of plain text of at most `most` characters. */
export function plainLine(value: unknown, most: number): string {
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, 8 * most)
    .normalize('NFC')
    .replace(/<[^<>]{0,200}>/g, ' ')
    .replace(unseen, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...line];
  return letters.length <= most
    ? line
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

/** Letters, digits, `_`, `.` and `-`; everything else becomes one `by`. */
export function plainName(value: string, by: '-' | '_' = '-'): string {
  return value
    .slice(0, 500)
    .replace(/[^A-Za-z0-9_.-]+/g, by)
    .replace(/^[-_.]+|[-_.]+$/g, '');
}

/** Eight hex digits that tell names apart (FNV-1a); no protection against anybody. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

/** A name that is short enough, and another one for another text. */
export function shortName(value: string, most: number, told = value): string {
  return value.length <= most ? value : `${value.slice(0, most - 9).replace(/[-_.]+$/, '')}-${shortHash(told)}`;
}

/** Whether a word mixes alphabets whose letters look alike: `НubSpot` with a Cyrillic first letter. */
export function mixesAlphabets(text: string): boolean {
  return text
    .split(/[^\p{L}]+/u)
    .some(
      (word) =>
        [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u].filter((one) => one.test(word)).length > 1,
    );
}
