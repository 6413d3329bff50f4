import { type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartProblem } from '../../config/start-problem.js';
import { hmacHex, takeKey } from './secret-key.js';

/** Wraps every other key; never in the database. */
export interface RootKey {
  key: KeyObject;
  /** Tells one root key from another without saying anything about it: 16 hex digits. */
  fingerprint: string;
}

/**
 * The root key: `given` (SLUICE_ROOT_KEY), else the file `root.key` in the data folder, which is made on the first start
 * and never overwritten. Throws StartProblem.
 */
export async function loadRootKey({ given, dataDir }: { given?: KeyObject | null; dataDir: string }): Promise<RootKey> {
  if (given !== null && given !== undefined) return asRootKey(given);
  const file = join(dataDir, 'root.key');
  const stored = await readRootKey(file);
  if (stored !== null) return parseRootKey(stored, file);
  await createRootKey(file, dataDir);
  const created = await readRootKey(file);
  if (created === null) throw new StartProblem(`The root key ${file} vanished while it was made: start again.`);
  return parseRootKey(created, file);
}

export function parseRootKey(text: string, source: string): RootKey {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed) || bytes.length !== 32) {
    throw new StartProblem(
      `The root key in ${source} isn't 32 bytes in base64: put back the one this database was made with; for a new database make one with "openssl rand -base64 32".`,
    );
  }
  return asRootKey(takeKey(bytes));
}

function asRootKey(key: KeyObject): RootKey {
  return { key, fingerprint: hmacHex(key, 'sluice root key').slice(0, 16) };
}

async function readRootKey(file: string): Promise<string | null> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new StartProblem(`The root key ${file} is open to other users: run "chmod 400 ${file}".`);
    }
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof StartProblem) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new StartProblem(`The root key ${file} can't be read: start Sluice as the user that owns it.`, { cause });
  }
}

/** Written whole under another name and linked: a second process that starts now sees all of it or nothing. */
async function createRootKey(file: string, dataDir: string): Promise<void> {
  const unfinished = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(dataDir, { recursive: true });
    const handle = await open(unfinished, 'wx', 0o400);
    try {
      await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(unfinished, file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    throw new StartProblem(`The root key ${file} can't be written: make ${dataDir} writable, or set SLUICE_ROOT_KEY.`, {
      cause,
    });
  } finally {
    await unlink(unfinished).catch(() => undefined);
  }
}
