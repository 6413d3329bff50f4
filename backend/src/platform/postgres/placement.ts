import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartProblem } from '../../config/start-problem.js';
import { type Account, findAccount } from './account.js';
import { canReach, openFolder } from './reach.js';

/** Where one cluster lies: `folder` holds `data` (PostgreSQL's own), the superuser's password and the log. */
export interface Placement {
  account: Account;
  folder: string;
  data: string;
  passwordFile: string;
  logFile: string;
}

interface Pointer {
  /** The data folder that this pointer was written for: tells a copied folder from a moved one. */
  dataDir: string;
  home: string;
}

/**
 * The cluster lies in the data folder when its account can get there. Otherwise (root, and a folder closed to others)
 * it lies under /var/lib, and a small file in the data folder says where.
 */
export async function findPlacement(requested: string): Promise<Placement> {
  const dataDir = await openDataFolder(requested);
  const pointerFile = join(dataDir, 'postgres.location.json');
  const pointed = await readPointer(pointerFile, dataDir);
  const folder = join(pointed ?? dataDir, 'postgres');
  const account = await findAccount(join(folder, 'data'));
  if (await canReach(pointed ?? dataDir, account)) return placementIn(folder, account);
  if (existsSync(folder)) {
    throw new StartProblem(
      `The database in ${folder} can't be reached by the system user that owns it: open the folders above it with "chmod o+x", or move it back.`,
    );
  }
  // Not named after the path: a data folder that was deleted and made again must not meet its old database.
  const home = await openFolder(`sluice-${randomBytes(6).toString('hex')}`);
  const pointer: Pointer = { dataDir, home };
  await writeFile(pointerFile, `${JSON.stringify(pointer)}\n`);
  return placementIn(join(home, 'postgres'), account);
}

function placementIn(folder: string, account: Account): Placement {
  return {
    account,
    folder,
    data: join(folder, 'data'),
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'log'),
  };
}

async function openDataFolder(requested: string): Promise<string> {
  try {
    await mkdir(requested, { recursive: true });
    return await realpath(requested);
  } catch (cause) {
    throw new StartProblem(
      `The data folder ${requested} can't be made: check its permissions or set SLUICE_DATA_DIR.`,
      {
        cause,
      },
    );
  }
}

async function readPointer(file: string, dataDir: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const pointer: Partial<Pointer> = JSON.parse(text);
  if (pointer.home === undefined || !existsSync(pointer.home)) {
    throw new StartProblem(
      `The database of ${dataDir} lay in ${pointer.home ?? 'an unknown place'}, which is gone: restore it from a backup, or delete ${file} to start empty.`,
    );
  }
  if (pointer.dataDir !== undefined && pointer.dataDir !== dataDir && existsSync(pointer.dataDir)) {
    throw new StartProblem(
      `${dataDir} is a copy of ${pointer.dataDir} and names the same database: delete ${file} to start empty, or restore a backup into it.`,
    );
  }
  return pointer.home;
}
