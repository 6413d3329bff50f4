import { isUtf8 } from 'node:buffer';

/** No line is longer: a block of 100,000 foreign hashes takes 8 MB. */
const longest = 32 * 1024 * 1024;

/**
 * The lines of a UTF-8 text, one in memory at a time; undefined for one that isn't UTF-8. Throws for one over 32 MiB.
 * @param {AsyncIterable<any>} chunks
 * @returns {AsyncGenerator<string | undefined>}
 */
export async function* readLines(chunks) {
  /** @type {Uint8Array[]} */ let parts = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield decode(Buffer.concat([...parts, chunk.subarray(from, end)]));
      [parts, held, from] = [[], 0, end + 1];
    }
    held += chunk.length - from;
    if (held > longest) throw new RangeError('A line of it is longer than 32 MiB.');
    parts.push(chunk.subarray(from));
  }
  if (held > 0) yield decode(Buffer.concat(parts));
}

/** @param {Buffer} line */
function decode(line) {
  return isUtf8(line) ? line.toString('utf8') : undefined;
}
