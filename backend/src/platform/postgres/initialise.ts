import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StartProblem } from '../../config/start-problem.js';
import { explainFailure } from './explain.js';
import type { Placement } from './placement.js';
import { isAlive } from './postmaster.js';
import type { Program } from './program.js';

const execute = promisify(execFile);

/**
 * Makes the cluster's folder when there is none. It is built beside its place and renamed when it is whole, so a crash
 * or a second process halfway never leaves a broken database behind.
 */
export async function initialise(program: Program, placement: Placement): Promise<void> {
  if (existsSync(placement.folder)) return;
  await removeUnfinished(placement.folder);
  const unfinished = `${placement.folder}.new.${process.pid}`;
  try {
    await build(program, placement, unfinished);
    await rename(unfinished, placement.folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    if (existsSync(placement.folder)) return;
    if (cause instanceof StartProblem) throw cause;
    throw explainFailure({ output: outputOf(cause), placement, cause });
  }
}

async function build(program: Program, { account }: Placement, folder: string): Promise<void> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = randomBytes(24).toString('base64url');
  await mkdir(data, { recursive: true });
  await chmod(folder, 0o755);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== null) {
    await chown(data, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const options = [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ];
  await execute(join(program.folder, 'bin', 'initdb'), options, { ...account, cwd: folder, env: {} });
  // Only initdb's account had to read it, once; from here on it is ours.
  if (account !== null) await chown(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
}

/** What a killed start left behind: its process id is in the name. */
async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.new.`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function outputOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr : cause.message;
}

/** Refuses, in words, a folder that this PostgreSQL can't start on. */
export async function assertUsable(program: Program, placement: Placement): Promise<void> {
  const version = await readFile(join(placement.data, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') throw explainFailure({ output: 'Permission denied', placement, cause: error });
    throw new StartProblem(
      `The database folder ${placement.data} is damaged (PG_VERSION is missing): restore it from a backup, or move ${placement.folder} away to start empty.`,
      { cause: error },
    );
  });
  if (version.trim() === program.major) return;
  throw new StartProblem(
    `The database in ${placement.data} was made by PostgreSQL ${version.trim()}, this Sluice brings ${program.major}: start the earlier Sluice, run "npm run cli -- backup", and restore that here.`,
  );
}
