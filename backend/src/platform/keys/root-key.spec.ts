import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartProblem } from '../../config/start-problem.js';
import { loadRootKey } from './root-key.js';
import { takeKey } from './secret-key.js';

describe('loadRootKey', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-root-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('makes a file that only its owner can read, and reads the same key again', async () => {
    const first = await loadRootKey({ given: null, dataDir });
    const again = await loadRootKey({ given: null, dataDir });

    expect(again.fingerprint).toBe(first.fingerprint);
    expect(first.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect((await stat(join(dataDir, 'root.key'))).mode & 0o777).toBe(0o400);
  });

  it('gives processes that start together one key', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadRootKey({ given: null, dataDir })));
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('takes a given key before the file and makes no file', async () => {
    const given = takeKey(Buffer.alloc(32, 7));
    const { fingerprint, key } = await loadRootKey({ given, dataDir });

    expect(key.export()).toEqual(Buffer.alloc(32, 7));
    expect(fingerprint).not.toBe((await loadRootKey({ given: null, dataDir })).fingerprint);
  });

  it.each([Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), 'not base64 at all', ''])(
    'refuses the file %j in one sentence that does not repeat it, and never overwrites it',
    async (text) => {
      const file = join(dataDir, 'root.key');
      await writeFile(file, text, { mode: 0o400 });
      const problem = await loadRootKey({ given: null, dataDir }).catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(StartProblem);
      expect(String(problem)).toContain('32 bytes');
      if (text !== '') expect(String(problem)).not.toContain(text);
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  it.skipIf(process.platform === 'win32')('refuses a file that others can read', async () => {
    await loadRootKey({ given: null, dataDir });
    await chmod(join(dataDir, 'root.key'), 0o644);
    await expect(loadRootKey({ given: null, dataDir })).rejects.toThrow(/chmod 400/);
  });
});
