import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { blobName, removeBlobDays } from './blob-store.js';
import { DiskBlobs } from './disk.js';

let folder: string;
let blobs: DiskBlobs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-blobs-'));
  blobs = new DiskBlobs(join(folder, 'blobs'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('gives back what was put, and leaves nothing half written behind', async () => {
  const name = blobName({ keepDays: 90, day: '2026-11-27', of: 'run_1|a|1|output' });
  await blobs.put(name, Buffer.from('one'));
  await Promise.all([blobs.put(name, Buffer.from('two')), blobs.put(name, Buffer.from('two'))]);

  expect((await blobs.get(name)).toString()).toBe('two');
  expect(await readdir(join(folder, 'blobs/k90/2026-11-27'))).toHaveLength(1);
});

it('takes whole days away, of one retention only', async () => {
  const names = [
    [14, '2026-11-01'],
    [14, '2026-11-02'],
    [14, '2026-11-03'],
    [90, '2026-11-01'],
  ].map(([keepDays, day]) => blobName({ keepDays: Number(keepDays), day: String(day), of: 'x' }));
  for (const name of names) await blobs.put(name, Buffer.from('x'));

  await removeBlobDays(blobs, { keepDays: 14, from: '2026-11-01', to: '2026-11-03' });
  await removeBlobDays(blobs, { keepDays: 30, from: '2026-11-01', to: '2026-11-03' });

  const left = await Promise.all(
    names.map((name) =>
      blobs.get(name).then(
        () => name,
        () => null,
      ),
    ),
  );
  expect(left).toEqual([null, null, names[2], names[3]]);
});

it.each(['../x', 'k90/../../x', '/etc/passwd', 'k90//x', 'K90/x', ''])('refuses the name "%s"', async (name) => {
  await expect(blobs.get(name)).rejects.toThrow('A blob has no such name');
  await expect(blobs.remove(name)).rejects.toThrow('A blob has no such name');
});

it('leaves nothing of a stream that breaks off', async () => {
  async function* broken() {
    yield Buffer.from('half');
    throw new Error('broken off');
  }
  await expect(blobs.put('k90/x', broken())).rejects.toThrow('broken off');
  expect(await readdir(join(folder, 'blobs/k90'))).toEqual([]);
});
