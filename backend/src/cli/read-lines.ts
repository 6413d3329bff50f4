import { isUtf8 } from 'node:buffer';

/** No line of ours is longer: a block of 100,000 foreign leaf hashes takes 8 MB. */
const maxLineBytes = 32 * 1024 * 1024;
const lineFeed = 0x0a;

/**
 * The lines of a UTF-8 text, without their line feeds, one in memory at a time; a last line needs no line feed.
 * Gives undefined for a line that isn't UTF-8. Throws a `RangeError` for a line over 32 MiB.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      parts.push(chunk.subarray(from, end));
      yield decode(Buffer.concat(parts));
      parts = [];
      held = 0;
      from = end + 1;
    }
    held += chunk.length - from;
    if (held > maxLineBytes) throw new RangeError('a line of it is longer than 32 MiB.');
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (held > 0) yield decode(Buffer.concat(parts));
}

function decode(line: Buffer): string | undefined {
  return isUtf8(line) ? line.toString('utf8') : undefined;
}
