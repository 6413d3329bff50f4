import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartProblem } from '../../config/start-problem.js';
import { givenRootKey, listRootKeyFiles, loadRootKeyFile, replaceRootKeyFile } from './root-key.js';
import { newKey, takeKey } from './secret-key.js';

describe('the root key in a file', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-root-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is made so that only its owner can read it, and is read again the same', async () => {
    const first = await loadRootKeyFile(dataDir);
    const again = await loadRootKeyFile(dataDir);

    expect(again.fingerprint).toBe(first.fingerprint);
    expect(first.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect((await stat(join(dataDir, 'root.key'))).mode & 0o777).toBe(0o400);
    expect(await readdir(dataDir)).toEqual(['root.key']);
  });

  it('is one for processes that start together', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadRootKeyFile(dataDir)));
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('is not made by those who only look for it', async () => {
    expect(await listRootKeyFiles(dataDir)).toEqual([]);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('stays beside the one that takes its place, and opens what it wrapped', async () => {
    const before = await loadRootKeyFile(dataDir);
    const key = newKey();
    const { text } = await before.wrap(key, 'p');

    await replaceRootKeyFile(dataDir);
    const [current, kept] = await listRootKeyFiles(dataDir);

    expect(current?.fingerprint).toBe((await loadRootKeyFile(dataDir)).fingerprint);
    expect(current?.fingerprint).not.toBe(before.fingerprint);
    expect((await kept?.unwrap(text, 'p'))?.export()).toEqual(key.export());
    for (const name of await readdir(dataDir)) expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o400);
  });

  it.each([Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), 'not base64 at all', ''])(
    'is refused when it holds %j, in one sentence that does not repeat it, and never overwritten',
    async (text) => {
      const file = join(dataDir, 'root.key');
      await writeFile(file, text, { mode: 0o400 });
      const problem = await loadRootKeyFile(dataDir).catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(StartProblem);
      expect(String(problem)).toContain('32 bytes');
      if (text !== '') expect(String(problem)).not.toContain(text);
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  it.skipIf(process.platform === 'win32')('is refused when others can read it', async () => {
    await loadRootKeyFile(dataDir);
    await chmod(join(dataDir, 'root.key'), 0o440);
    await expect(loadRootKeyFile(dataDir)).rejects.toThrow(/chmod 400/);
    await expect(listRootKeyFiles(dataDir)).rejects.toThrow(/chmod 400/);
  });
});

it('a given root key has a fingerprint of its own', () => {
  const [one, same, other] = [7, 7, 8].map((byte) => givenRootKey(takeKey(Buffer.alloc(32, byte))).fingerprint);
  expect(one).toBe(same);
  expect(one).not.toBe(other);
});
