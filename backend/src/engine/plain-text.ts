/** One line that may stand in a log and in a text or JSON column: no control characters, no half characters, 500 at most. */
export function plainText(text: string): string {
  return text
    .slice(0, 500)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ');
}
