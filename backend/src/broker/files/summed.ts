import { createHash } from 'node:crypto';

/** The same bytes, and what a handle says of them once they have passed. */
export function summed(chunks: AsyncIterable<Buffer>): {
  source: AsyncGenerator<Buffer>;
  sum(): { bytes: number; sha256: string };
} {
  const sha = createHash('sha256');
  let bytes = 0;
  async function* pass() {
    for await (const chunk of chunks) {
      sha.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  return { source: pass(), sum: () => ({ bytes, sha256: sha.digest('hex') }) };
}

/** A media type without parameters; what is none is bytes. */
export function plainType(text: string): string {
  const type = text.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) && type.length <= 100 ? type : 'application/octet-stream';
}
