import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The newest checkpoint in a file outside of the database: whoever puts an older database in its place, or cuts the log's
 * end, would have to change this too.
 */
export class CheckpointFile {
  constructor(readonly path: string) {}

  /** Null: none was written yet. */
  async read(): Promise<string | null> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code))) return null;
      throw error;
    }
  }

  /** Whole or not at all. */
  async write(note: string): Promise<void> {
    // A process that has its database and its root key elsewhere may have no data folder yet.
    await mkdir(dirname(this.path), { recursive: true });
    const next = `${this.path}.next`;
    await writeFile(next, note);
    await rename(next, this.path);
  }
}
