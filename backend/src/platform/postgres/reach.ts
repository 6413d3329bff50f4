import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartProblem } from '../../config/start-problem.js';
import type { Account } from './account.js';

/** Whether the account may walk to `path` and enter it, by the mode bits of the path and each folder above it. */
export async function canReach(path: string, account: Account): Promise<boolean> {
  if (account === null) return true;
  let folder = await realpath(path).catch(() => dirname(path));
  for (;;) {
    const entry = await stat(folder).catch(() => null);
    if (entry !== null && !mayEnter(entry, account)) return false;
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}

export function mayEnter(entry: Pick<Stats, 'mode' | 'uid' | 'gid'>, account: { uid: number; gid: number }): boolean {
  if (entry.uid === account.uid) return (entry.mode & 0o100) !== 0;
  if (entry.gid === account.gid) return (entry.mode & 0o010) !== 0;
  return (entry.mode & 0o001) !== 0;
}

/**
 * A folder that every account can walk through and only we can write, for what lies out of reach elsewhere.
 * A folder that someone else made first under the shared temporary directory is refused: it could be swapped under us.
 */
export async function openFolder(name: string): Promise<string> {
  for (const parent of ['/var/lib', tmpdir()]) {
    const folder = join(parent, name);
    try {
      await mkdir(folder, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      const entry = await lstat(folder);
      if (!entry.isDirectory() || entry.uid !== process.getuid?.() || (entry.mode & 0o022) !== 0) continue;
      await chmod(folder, 0o755);
      return folder;
    } catch {
      // The next parent may be writable: /var/lib is not in a container with a read-only root.
    }
  }
  throw new StartProblem(
    `There is no place for the database that its user can reach: make /var/lib writable, or set SLUICE_DATA_DIR to a folder outside of closed ones.`,
  );
}

/** Lets every account read a copied tree; execute bits are given only where the owner has them. */
export async function openTree(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openTree(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}
