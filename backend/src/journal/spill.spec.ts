import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskBlobs } from '../platform/blobs/disk.js';
import { newId } from '../platform/ids.js';
import type { JournalRecord } from './records.js';
import { Spill, spillBytes } from './spill.js';

let folder: string;
const troubles: unknown[] = [];
const run = newId('run');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-spill-'));
  troubles.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function aRecord(bytes: number, attempt: number): JournalRecord {
  const payload = { run, step: 'a', attempt, kind: 'output', at: 0, keepDays: 90 } as const;
  return {
    entries: [],
    fence: { run, owner: 'prc_1', epoch: 0 },
    payloads: [{ ...payload, sealed: Buffer.alloc(bytes, attempt) }],
  };
}

it('puts away what is too large for a row, and leaves everything else where it is', async () => {
  const blobs = new DiskBlobs(folder);
  const spill = new Spill(blobs, (error) => troubles.push(error));
  const small = aRecord(spillBytes, 1);
  expect(spill.place(small)).toBe(small);

  const [payload] = (await spill.place(aRecord(spillBytes + 1, 2))).payloads ?? [];
  expect(payload?.blob).toMatch(/^k90\/\d{4}-\d{2}-\d{2}\/[0-9a-f]{64}$/);
  expect((await blobs.get(payload?.blob ?? '')).equals(Buffer.alloc(spillBytes + 1, 2))).toBe(true);
});

it('never writes over a blob: what a process that lost the run puts away lies beside what its row names', async () => {
  const blobs = new DiskBlobs(folder);
  const names = new Set<string | undefined>();
  for (let times = 0; times < 2; times += 1) {
    const spill = new Spill(blobs, (error) => troubles.push(error));
    const { payloads } = await spill.place(aRecord(spillBytes + 1, 1));
    names.add(payloads?.[0]?.blob);
  }
  expect(names.size).toBe(2);
});

it('keeps the records of a run in order while one of them is put away', async () => {
  const spill = new Spill(new DiskBlobs(folder), (error) => troubles.push(error));
  const done: number[] = [];
  const sizes = [spillBytes + 1, 1, spillBytes + 1, 1];
  await Promise.all(
    sizes.map(async (bytes, attempt) => {
      const placing = spill.place(aRecord(bytes, attempt));
      if (placing instanceof Promise) await placing;
      done.push(attempt);
    }),
  );
  expect(done).toEqual([0, 1, 2, 3]);
  const after = aRecord(1, 5);
  expect(spill.place(after)).toBe(after);
});

it('leaves it in its row when it can not be put away, and says so', async () => {
  await writeFile(join(folder, 'file'), '');
  const spill = new Spill(new DiskBlobs(join(folder, 'file')), (error) => troubles.push(error));

  const [payload] = (await spill.place(aRecord(spillBytes + 1, 1))).payloads ?? [];
  expect(payload).toMatchObject({ sealed: expect.any(Buffer) });
  expect(payload?.blob).toBeUndefined();
  expect(troubles).toHaveLength(1);
});
