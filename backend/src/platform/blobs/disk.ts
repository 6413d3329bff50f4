import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { BlobMissing, type BlobStore } from './blob-store.js';

/** Blobs as files of one folder: for an installation on one machine. */
export class DiskBlobs implements BlobStore {
  constructor(private readonly folder: string) {}

  async put(name: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.pathOf(name);
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Under a name that nobody asks for until it is whole.
    const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      const file = await open(unfinished, 'wx', 0o600);
      try {
        if (bytes instanceof Uint8Array) await file.writeFile(bytes);
        else for await (const part of bytes) await file.appendFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    await syncFolders(folder, this.folder);
  }

  async get(name: string): Promise<Buffer> {
    return await readFile(this.pathOf(name)).catch(explain);
  }

  async open(name: string): Promise<Readable> {
    const file = await open(this.pathOf(name), 'r').catch(explain);
    return file.createReadStream();
  }

  async folders(prefix: string): Promise<string[]> {
    const entries = await readdir(this.pathOf(prefix), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  async remove(prefix: string): Promise<void> {
    await rm(this.pathOf(prefix), { recursive: true, force: true });
  }

  /** Names come from our own rows; one that leads elsewhere is a bug, or somebody else's row. */
  private pathOf(name: string): string {
    if (!/^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*\/?$/.test(name)) throw new Error('A blob has no such name.');
    return join(this.folder, name);
  }
}

/** A file is there for good once the folders on its way know of it. */
async function syncFolders(from: string, to: string): Promise<void> {
  for (let folder = from; folder.startsWith(to); folder = dirname(folder)) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

function explain(error: unknown): never {
  throw isMissing(error) ? new BlobMissing('There is no such blob.', { cause: error }) : error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
