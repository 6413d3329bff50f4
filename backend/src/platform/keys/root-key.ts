import { type KeyObject, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartProblem } from '../../config/start-problem.js';
import { LocalKey } from './local-key.js';
import { RootKeys } from './root-keys.js';
import { takeKey } from './secret-key.js';

/** Those before it are `root.key.<fingerprint>`. */
const fileName = 'root.key';

/** From SLUICE_ROOT_KEY. */
export function givenRootKey(key: KeyObject, variable = 'SLUICE_ROOT_KEY'): LocalKey {
  return new LocalKey(key, `the key in ${variable}`);
}

/** The file `root.key` in the data folder, made on the first start and never overwritten. Throws StartProblem. */
export async function loadRootKeyFile(dataDir: string): Promise<LocalKey> {
  const file = join(dataDir, fileName);
  const stored = await findRootKeyFile(file);
  if (stored !== null) return stored;
  await createFile(file, dataDir);
  const created = await findRootKeyFile(file);
  if (created === null) throw new StartProblem(`The root key ${file} vanished while it was made: start again.`);
  return created;
}

/** The root keys that lie in the data folder, the current one first; none is made. Throws StartProblem. */
export async function listRootKeyFiles(dataDir: string): Promise<LocalKey[]> {
  const names = await readdir(dataDir).catch(() => []);
  const files = names.filter((name) => /^root\.key(\.[0-9a-f]{16})?$/.test(name)).toSorted();
  const found = await Promise.all(files.map((name) => findRootKeyFile(join(dataDir, name))));
  return found.filter((key) => key !== null);
}

/** Puts a new root key in the place of the file's, which stays beside it for what it wrapped. Throws StartProblem. */
export async function replaceRootKeyFile(dataDir: string): Promise<void> {
  const file = join(dataDir, fileName);
  const { fingerprint } = await loadRootKeyFile(dataDir);
  try {
    await link(file, `${file}.${fingerprint}`).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    await rename(await writeNew(file), file);
  } catch (cause) {
    throw unwritable(file, dataDir, cause);
  }
}

/** A root key in base64. Throws StartProblem. */
export function parseRootKey(text: string, source: string): RootKeys {
  return RootKeys.only(new LocalKey(parseKey(text, source), `the key in ${source}`));
}

function parseKey(text: string, source: string): KeyObject {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed) || bytes.length !== 32) {
    throw new StartProblem(
      `The root key in ${source} isn't 32 bytes in base64: put back the one this database was made with; for a new database make one with "openssl rand -base64 32".`,
    );
  }
  return takeKey(bytes);
}

async function findRootKeyFile(file: string): Promise<LocalKey | null> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new StartProblem(`The root key ${file} is open to other users: run "chmod 400 ${file}".`);
    }
    return new LocalKey(parseKey(await readFile(file, 'utf8'), file), `the file ${file}`);
  } catch (cause) {
    if (cause instanceof StartProblem) throw cause;
    if (hasCode(cause, 'ENOENT')) return null;
    throw new StartProblem(`The root key ${file} can't be read: start Sluice as the user that owns it.`, { cause });
  }
}

async function createFile(file: string, dataDir: string): Promise<void> {
  let unfinished = '';
  try {
    await mkdir(dataDir, { recursive: true });
    unfinished = await writeNew(file);
    await link(unfinished, file);
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return;
    throw unwritable(file, dataDir, cause);
  } finally {
    if (unfinished !== '') await unlink(unfinished).catch(() => undefined);
  }
}

/** Written whole under another name: a second process that reads meanwhile sees all of it or nothing. */
async function writeNew(file: string): Promise<string> {
  const unfinished = `${file}-${randomBytes(8).toString('hex')}`;
  const handle = await open(unfinished, 'wx', 0o400);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A umask may have taken the owner's own right to read.
  await chmod(unfinished, 0o400);
  return unfinished;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unwritable(file: string, dataDir: string, cause: unknown): StartProblem {
  return new StartProblem(`The root key ${file} can't be written: make ${dataDir} writable, or set SLUICE_ROOT_KEY.`, {
    cause,
  });
}
