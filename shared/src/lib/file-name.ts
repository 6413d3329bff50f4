/** The name in a Content-Disposition (RFC 6266), without its path; null where it gives none. */
export function nameInDisposition(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, encoded] = /filename\*=utf-8''([^;\s]+)/i.exec(text) ?? [];
  const [, quoted, bare] = /filename=(?:"([^"]*)"|([^;\s]+))/i.exec(text) ?? [];
  const name = plainFileName(encoded === undefined ? (quoted ?? bare ?? '') : decodeName(encoded));
  return name === '' ? null : name;
}

/** One line without a path, 200 characters at most. */
export function plainFileName(name: string): string {
  return (
    name
      .replace(/^.*[/\\]/s, '')
      .replace(/\p{Cc}/gu, '')
      .slice(-200)
      // Half an emoji is no text that an answer's head can carry.
      .toWellFormed()
  );
}

export function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
