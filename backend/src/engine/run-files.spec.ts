import { describe, expect, it } from 'vitest';
import { KeySet } from '../platform/keys/key-set.js';
import { newKey } from '../platform/keys/secret-key.js';
import { RunFiles, type RunFilesOptions } from './run-files.js';
import type { RunMemory } from './run-memory.js';

const keys = { payload: new KeySet(new Map([[1, newKey()]])) };
// What files need of a run.
const run = {
  id: `run_${'0'.repeat(36)}`,
  deployment: { workspace: 'wsp_1', environment: 'dev' },
  keys,
  keepDays: 14,
} as RunMemory;
const handle = { file: `fil_${'0'.repeat(52)}`, name: 'a', type: 'image/png', bytes: 1, sha256: 'a' };

function files(more: Partial<RunFilesOptions> = {}): RunFiles {
  return new RunFiles({
    store: { findFile: async () => null },
    keyring: { keysFor: async () => keys.payload },
    mostBytes: 1,
    isFull: () => false,
    ...more,
  });
}

describe('RunFiles', () => {
  it('lets a run under way go on where storage is full, without files', () => {
    const full = files({ isFull: () => true });
    expect(full.keep(run, 'large')).toBeNull();
    expect(() => full.keep(run, 'all')).toThrow('used all of its storage');
    expect(files().keep(run, 'large')).not.toBeNull();
  });

  it('puts a step off while the database is away, instead of failing it', async () => {
    const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const away = files({ store: { findFile: async () => await Promise.reject(gone) } });
    await expect(away.ticket(run, handle)).rejects.toMatchObject({ code: 'file.away', retryAfterSeconds: 5 });
    await expect(files().ticket(run, handle)).rejects.toMatchObject({
      code: 'file.unknown',
      retryAfterSeconds: undefined,
    });
  });
});
