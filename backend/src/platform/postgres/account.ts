import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StartProblem } from '../../config/start-problem.js';

const execute = promisify(execFile);

/** The system account that PostgreSQL runs under. `null` means our own: it refuses to run as root, nobody else. */
export type Account = { uid: number; gid: number } | null;

/**
 * As root: the owner of an existing cluster, else the `postgres` account, made when the system has none.
 * An existing cluster keeps its owner, so a folder first used by a person still starts when root runs it later.
 */
export async function findAccount(cluster: string): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(cluster).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await lookUp('postgres')) ?? (await createAccount('postgres'));
}

async function lookUp(name: string): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function createAccount(name: string): Promise<Account> {
  const advice = `PostgreSQL can't run as root: add a system user named "${name}", start Sluice as another user, or set DATABASE_URL.`;
  try {
    await execute('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]);
  } catch (cause) {
    throw new StartProblem(advice, { cause });
  }
  const account = await lookUp(name);
  if (account === null) throw new StartProblem(advice);
  return account;
}
