import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The server process that a data folder's postmaster.pid names. */
export interface Postmaster {
  pid: number;
  port: number;
  /** True once its socket is bound: the file is written before that. */
  isListening: boolean;
}

/**
 * The server that runs on this data folder, or null. A file left by one that died is removed: PostgreSQL would refuse to
 * start when another program got its process id, which after a container's restart is the rule.
 */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const found = await readPostmaster(data);
  if (found === null) await rm(fileIn(data), { force: true });
  return found;
}

/** The same while a server starts: its file is empty for a moment, and a server that lost it ends a minute later. */
export async function readPostmaster(data: string): Promise<Postmaster | null> {
  const text = await readFile(fileIn(data), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const found = parsePidFile(text);
  return found !== null && isAlive(found.pid) && (await runsOn(found.pid, data)) ? found : null;
}

function fileIn(data: string): string {
  return join(data, 'postmaster.pid');
}

/** Line 1 is the process id, line 4 the port, line 8 the state, written after the socket is bound (miscadmin.h). */
export function parsePidFile(text: string): Postmaster | null {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 1 || !Number.isInteger(port) || port <= 0) return null;
  return { pid, port, isListening: (lines[7] ?? '').trim() !== '' };
}

async function runsOn(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.split('\0').includes(data);
  }
  const { stdout } = await execute('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes(data);
}

/** Whether a process with this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
