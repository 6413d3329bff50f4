import { describe, expect, it } from 'vitest';
import { doubleNet } from '../../../test/double-net.js';
import { pathSchema } from './connector.js';
import { sftpDouble } from './double.js';
import { connector } from './index.js';

const settings = { host: 'files.example.org', directory: '/srv/shop' };

async function run(action: string, input: object) {
  const double = sftpDouble();
  const net = doubleNet({ double, hosts: [double.host], auth: double.grant() });
  const config = connector.base.config.parse(settings);
  const step = { config, net, idempotencyKey: 'a', signal: new AbortController().signal };
  const found = connector.actions[action];
  if (found === undefined) throw new Error(`No action ${action}`);
  return await found.run(step, found.input.parse(input));
}

const file = (name: string, size: number) => ({
  name,
  path: `/in/${name}`,
  kind: 'file' as const,
  size,
  modifiedAt: '2026-01-05T08:00:00.000Z',
});

/** The names that each look in a row gives, of the directory as it is then. */
function lookAt(directories: readonly object[][], params: object): string[][] {
  const poll = connector.triggers['file.new']?.poll;
  if (poll === undefined) throw new Error('no trigger');
  let cursor: unknown = null;
  return directories.map((files) => {
    const look = {
      params: { path: '/in', ...params },
      cursor,
      at: 0,
      mark: (text: string) => `<${text.length}${text.slice(-30)}>`,
    };
    const { items, next } = poll.read(look, { files, skipped: 0, isCut: false });
    cursor = next(new Set());
    return items.map(({ body }) => Object(body).name);
  });
}

describe('a new file', () => {
  it('waits until it no longer grows, and is told once', () => {
    const growing = [1, 2, 3, 3, 3].map((size) => [file('a.csv', size)]);
    expect(lookAt(growing, { begin: 'all' })).toEqual([[], [], [], ['a.csv'], []]);
  });

  it('is not one that was there before, unless that changes or all are asked for', () => {
    const there = [file('old.csv', 5)];
    expect(lookAt([there, there, there], {})).toEqual([[], [], []]);
    expect(lookAt([there, there, there], { begin: 'all' })).toEqual([[], ['old.csv'], []]);
    const changed = [file('old.csv', 6)];
    expect(lookAt([there, changed, changed], {})).toEqual([[], [], ['old.csv']]);
  });

  it('is no directory, no file that is being written under a dot, and ends as the flow says', () => {
    const all = [file('a.csv', 1), file('.a.csv', 1), file('a.txt', 1), { ...file('d.csv', 0), kind: 'directory' }];
    expect(lookAt([all, all], { begin: 'all', endsWith: '.csv' })).toEqual([[], ['a.csv']]);
  });
});

describe('sftp', () => {
  it('tells what the server refused', async () => {
    await expect(run('files.download', { path: '/in/none.csv' })).rejects.toMatchObject({ code: 'rejected' });
    await expect(run('files.download', { path: '/in/denied.csv' })).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(run('files.upload', { path: '/in/orders.csv', content: 'x', replace: false })).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(await run('files.delete', { path: '/in/none.csv' })).toEqual({ wasThere: false });
  });

  it.each(['/', '/in', '/in/orders 2026.csv', '/in/..csv', '/.hidden'])('takes the path %s', (path) => {
    expect(pathSchema.safeParse(path).success).toBe(true);
  });

  it.each(['', 'in', '/in/', '//in', '/../etc', '/in/..', '/in/../../etc', '/./in', '/in\\..\\x', '/in\n', '/in\0'])(
    'F14: refuses the path %j',
    (path) => {
      expect(pathSchema.safeParse(path).success).toBe(false);
    },
  );
});
