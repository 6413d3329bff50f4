import { createHash } from 'node:crypto';
import type { KeyedFile } from '../engine/file-row.js';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import { newFileId, placeOfFile } from '../platform/blobs/file-place.js';
import { sealFile } from '../platform/blobs/sealed-file.js';
import { newKey } from '../platform/keys/secret-key.js';
import { Problem } from '../platform/problem.js';

export interface UploadsOptions {
  blobs: BlobStore;
  /** Of one file. */
  mostBytes: number;
}

/** Each holds a part of a file in memory, and whoever sends it has proved nothing yet. */
const mostAtOnce = 8;

/** Where files that senders upload go: encrypted beside the run that they begin, before there is one. */
export class Uploads {
  readonly mostBytes: number;
  private underWay = 0;

  constructor(private readonly options: UploadsOptions) {
    this.mostBytes = options.mostBytes;
  }

  /** Takes a place, and answers how to leave it. Throws `server.busy` when none is free. */
  enter(): () => void {
    if (this.underWay >= mostAtOnce) throw new Problem('server.busy', { retryAfterSeconds: 1 });
    this.underWay += 1;
    return () => {
      this.underWay -= 1;
    };
  }

  /** Settles once it is stored. What the source throws leaves nothing behind. */
  async save(
    source: AsyncIterable<Buffer>,
    { run, keepDays, name, type }: { run: string; keepDays: number; name: string; type: string },
  ): Promise<KeyedFile> {
    const file = newFileId(run);
    const key = newKey();
    const { blob, of } = placeOfFile(file, keepDays);
    const sha = createHash('sha256');
    let bytes = 0;
    async function* watched() {
      for await (const chunk of source) {
        sha.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    }
    await this.options.blobs.put(blob, sealFile(watched(), { key, of }));
    return { handle: { file, name, type, bytes, sha256: sha.digest('hex') }, key };
  }

  /** Of a delivery that begins nothing. */
  async drop({ handle }: KeyedFile, keepDays: number): Promise<void> {
    await this.options.blobs.remove(placeOfFile(handle.file, keepDays).blob);
  }
}
