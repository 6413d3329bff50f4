import { readFile, rename, writeFile } from 'node:fs/promises';

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
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Whole or not at all. */
  async write(note: string): Promise<void> {
    const next = `${this.path}.next`;
    await writeFile(next, note);
    await rename(next, this.path);
  }
}
