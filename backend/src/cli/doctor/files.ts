import { type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/env.js';
import { type Finding, warning, well, wrong } from './finding.js';

interface Rule {
  path: string;
  /** Mode bits that nobody may have. */
  closed: number;
  fix: string;
}

/** Who may read and change what lies beside the database. */
export async function checkFiles({ dataDir, brokerSocket }: Config): Promise<Finding[]> {
  if (process.platform === 'win32') return [];
  const names = await readdir(dataDir).catch(() => []);
  const keys = names.filter((name) => name.startsWith('root.key')).map((name) => join(dataDir, name));
  const rules: Rule[] = [
    ...keys.map((path) => ({ path, closed: 0o377, fix: `chmod 400 ${path}` })),
    { path: dataDir, closed: 0o022, fix: `chmod go-w ${dataDir}` },
    {
      path: join(dataDir, 'postgres', 'password'),
      closed: 0o077,
      fix: `chmod 600 ${join(dataDir, 'postgres', 'password')}`,
    },
    { path: join(dataDir, 'blobs'), closed: 0o077, fix: `chmod 700 ${join(dataDir, 'blobs')}` },
    { path: brokerSocket, closed: 0o077, fix: `chmod 600 ${brokerSocket}` },
    { path: resolve('.env'), closed: 0o077, fix: `chmod 600 ${resolve('.env')}` },
  ];
  const found = await Promise.all(
    rules.map(async (rule) => ({ rule, entry: await stat(rule.path).catch(() => null) })),
  );
  return found.flatMap(({ rule, entry }) => (entry === null ? [] : [...judge(rule, entry)]));
}

function* judge({ path, closed, fix }: Rule, entry: Stats): Generator<Finding> {
  const mode = entry.mode & 0o777;
  if ((mode & closed) === 0) yield well('files', `${path} has mode ${mode.toString(8)}.`);
  else if ((mode & closed & 0o077) === 0)
    yield warning('files', `${path} can be changed by its owner.`, `Run "${fix}".`);
  else yield wrong('files', `${path} is open to other users (mode ${mode.toString(8)}).`, `Run "${fix}".`);
}
