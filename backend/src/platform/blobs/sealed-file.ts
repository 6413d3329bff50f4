import type { KeyObject } from 'node:crypto';
import { decrypt, encrypt, sealedMore } from '../keys/gcm.js';
import { rechunk } from './rechunk.js';

const pieceBytes = 64 * 1024;

/** A file's own key, and whose file it is: `run|file`. */
export interface FileSeal {
  key: KeyObject;
  of: string;
}

/**
 * A stream encrypted piece by piece, so that no end of it holds a file as a whole. Each piece is bound to its place and the
 * last one to being the last: none can be left out, moved or added.
 */
export async function* sealFile(source: AsyncIterable<Uint8Array>, { key, of }: FileSeal): AsyncGenerator<Buffer> {
  let n = 0;
  for await (const { piece, isLast } of rechunk(source, pieceBytes)) {
    yield encrypt(key, piece, placeOf({ of, n, isLast }));
    n += 1;
  }
}

/** The content again. Throws SealBroken, before it gives a piece that isn't as it was written. */
export async function* openFile(source: AsyncIterable<Uint8Array>, { key, of }: FileSeal): AsyncGenerator<Buffer> {
  let n = 0;
  for await (const { piece, isLast } of rechunk(source, pieceBytes + sealedMore)) {
    const content = decrypt(key, piece, placeOf({ of, n, isLast }));
    n += 1;
    if (content.length > 0) yield content;
  }
}

function placeOf({ of, n, isLast }: { of: string; n: number; isLast: boolean }): string {
  return `file|${of}|${n}|${isLast ? 'last' : 'more'}`;
}
