import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartProblem } from '../../config/start-problem.js';
import { type Cluster, startCluster } from './cluster.js';
import { findPostmaster } from './postmaster.js';

const isRoot = process.getuid?.() === 0;
const started: Cluster[] = [];
let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-cluster-'));
  await chmod(dataDir, 0o755);
});

afterEach(async () => {
  for (const cluster of started.splice(0)) await cluster.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(folder = dataDir): Promise<Cluster> {
  const cluster = await startCluster({ dataDir: folder, flags: { fsync: 'off' } });
  started.push(cluster);
  return cluster;
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Starts a second program that owns the cluster, and gives its address once it is up. */
async function startOwner(): Promise<{ url: string; kill(): Promise<void> }> {
  const file = (name: string) => fileURLToPath(new URL(`../../../test/${name}`, import.meta.url));
  const owner = spawn(
    process.execPath,
    ['--import', file('typescript-loader.mjs'), file('cluster-owner.ts'), dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [url] = await once(createInterface(owner.stdout), 'line');
  return {
    url: String(url),
    async kill() {
      owner.kill('SIGKILL');
      await once(owner, 'exit');
    },
  };
}

describe('startCluster', () => {
  it('keeps the data, durable settings and the password over a restart', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 7 as number');
    await first.stop();

    const second = await start();

    expect(await ask(second.url, 'select number from kept')).toEqual([7]);
    expect(await ask(second.url, 'show synchronous_commit')).toEqual(['on']);
    expect(await ask(second.url, 'show unix_socket_directories')).toEqual(['']);
    expect(await ask(second.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    expect(
      await ask(
        second.url,
        "select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'sluice'",
      ),
    ).toEqual(['b C.UTF-8']);
    expect((await stat(join(dataDir, 'postgres/password'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a wrong password over the network', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('takes over a server whose owner was killed', async () => {
    const owner = await startOwner();
    await ask(owner.url, 'create table kept as select 7 as number');
    await owner.kill();

    const cluster = await start();

    expect(cluster).toMatchObject({ adopted: true, url: owner.url });
    expect(await ask(cluster.url, 'select number from kept')).toEqual([7]);
    await cluster.stop();
    await expect(ask(cluster.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('refuses a folder whose owner is alive, and leaves its server running', async () => {
    const owner = await startOwner();
    try {
      await expect(start()).rejects.toThrow(/^Another Sluice already uses this data folder .* set SLUICE_DATA_DIR/);
      expect(await ask(owner.url, 'select 1')).toEqual([1]);
    } finally {
      await owner.kill();
      await (await start()).stop();
    }
  });

  it('starts after the server itself was killed, although another program has its process id', async () => {
    const first = await start();
    const pidFile = join(dataDir, 'postgres/data/postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await ask(first.url, 'create table kept as select 7 as number');
    await ask(first.url, 'checkpoint');
    await first.stop();
    await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));

    const second = await start();

    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'select number from kept')).toEqual([7]);
  });

  it('starts a server that was killed again, on the same port', async () => {
    const cluster = await start();
    await ask(cluster.url, 'create table kept as select 7 as number');
    const killed = await findPostmaster(join(dataDir, 'postgres/data'));

    process.kill(killed?.pid ?? 0, 'SIGKILL');

    await expect
      .poll(() => ask(cluster.url, 'select number from kept').catch(() => null), { timeout: 20_000 })
      .toEqual([7]);
    expect((await findPostmaster(join(dataDir, 'postgres/data')))?.pid).not.toBe(killed?.pid);
    await cluster.stop();
    await expect(ask(cluster.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('starts on the next port when the first is taken', async () => {
    const first = await start();
    const { port } = first;
    await first.stop();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      expect((await start()).port).toBe(port + 1);
    } finally {
      server.close();
    }
  });

  it.skipIf(!isRoot)('starts as root in a folder that is closed to others', async () => {
    const closed = join(dataDir, 'closed');
    await mkdir(closed, { mode: 0o700 });

    const first = await start(join(closed, 'data'));
    await ask(first.url, 'create table kept as select 7 as number');
    const [place] = await ask(first.url, 'show data_directory');
    await first.stop();
    const second = await start(join(closed, 'data'));

    expect(await ask(second.url, 'select number from kept')).toEqual([7]);
    expect(String(place)).not.toContain(closed);
    await second.stop();
    await rm(dirname(dirname(String(place))), { recursive: true });
    await expect(start(join(closed, 'data'))).rejects.toThrow(
      /which is gone: restore it from a backup, or delete .*postgres.location.json/,
    );
  });

  describe('with a folder it can not use, says in one sentence what to do', () => {
    const breakages: Record<string, { breakIt(): Promise<void>; sentence: RegExp }> = {
      'PG_VERSION is missing': {
        breakIt: () => unlink(join(dataDir, 'postgres/data/PG_VERSION')),
        sentence: /is damaged \(PG_VERSION is missing\): restore it from a backup/,
      },
      'made by another major version': {
        breakIt: () => writeFile(join(dataDir, 'postgres/data/PG_VERSION'), '15\n'),
        sentence: /was made by PostgreSQL 15, this Sluice brings 18: start the earlier Sluice/,
      },
      'control file is garbage': {
        breakIt: () => writeFile(join(dataDir, 'postgres/data/global/pg_control'), Buffer.alloc(8192, 7)),
        sentence: /is damaged .*: restore it from a backup, or move .* away to start empty/,
      },
      'password file is missing': {
        breakIt: () => unlink(join(dataDir, 'postgres/password')),
        sentence: /password file .* can't be read/,
      },
      'password file is of another database': {
        breakIt: () => writeFile(join(dataDir, 'postgres/password'), 'another'),
        sentence: /does not accept the password in .*: put the right file back/,
      },
    };

    it.each(Object.entries(breakages))('%s', async (_, { breakIt, sentence }) => {
      await (await start()).stop();
      await breakIt();
      const problem = await start().catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(StartProblem);
      expect(problem).toHaveProperty('message', expect.stringMatching(sentence));
      expect(problem).not.toHaveProperty('message', expect.stringContaining('\n'));
      expect(await findPostmaster(join(dataDir, 'postgres/data'))).toBeNull();
    });
  });
});
