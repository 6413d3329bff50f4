import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPostmaster, parsePidFile, readPostmaster } from './postmaster.js';

const running = '4242\n/data/postgres/data\n1795354157\n21500\n\n127.0.0.1\n 1234567    3\nready   \n';

describe('parsePidFile', () => {
  it('reads process, port and state', () => {
    expect(parsePidFile(running)).toEqual({ pid: 4242, port: 21_500, isListening: true });
  });

  it('knows a server that has not bound its port yet', () => {
    const early = running.split('\n').slice(0, 4).join('\n');
    expect(parsePidFile(`${early}\n`)).toEqual({ pid: 4242, port: 21_500, isListening: false });
  });

  it.each(['', 'garbage', '1\n/data\n0\n21500\n', '-1\n/data\n0\n21500\n', '4242\n'])(
    'gives nothing for %j',
    (text) => {
      expect(parsePidFile(text)).toBeNull();
    },
  );
});

it('leaves the file of a server that is starting alone, and removes what a dead one left', async () => {
  const data = await mkdtemp(join(tmpdir(), 'sluice-pid-'));
  await writeFile(join(data, 'postmaster.pid'), '');
  expect(await readPostmaster(data)).toBeNull();
  expect(await readdir(data)).toEqual(['postmaster.pid']);
  expect(await findPostmaster(data)).toBeNull();
  expect(await readdir(data)).toEqual([]);
  await rm(data, { recursive: true });
});
