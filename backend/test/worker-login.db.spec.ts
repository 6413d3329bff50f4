import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltProgram, buildProgram } from './build-program.js';
import { createTestDatabase, type TestDatabase } from './database.js';

const login = `worker_${process.pid}`;
const denied = { code: '42501' };

describe('a worker with a login of its own', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let program: BuiltProgram;
  let folder = '';
  let worker: ChildProcess;
  /** As the login that the process has. */
  let inside: pg.Client;

  /** What it says until it is ready or ends. */
  async function start(roles: string, at = database.url): Promise<{ child: ChildProcess; said: string }> {
    const url = Object.assign(new URL(at), { username: login, password: 'of-a-worker' }).href;
    const child = spawn(process.execPath, [program.file], {
      env: {
        PATH: process.env['PATH'],
        SLUICE_ROLES: roles,
        DATABASE_URL: url,
        SLUICE_ROOT_KEY: Buffer.alloc(32, 1).toString('base64'),
        SLUICE_DATA_DIR: folder,
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const isReady = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          said += `${line}\n`;
          if (line.startsWith('Sluice is ready')) resolve();
        });
      }
    });
    await Promise.race([isReady, once(child, 'close')]);
    return { child, said };
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.url, options: '-c search_path=sluice' });
    await owner.connect();
    await owner.query(`create role ${login} login password 'of-a-worker' in role sluice_app`);
    program = await buildProgram('backend/src/main.ts');
    folder = await mkdtemp(join(tmpdir(), 'sluice-worker-'));
    const started = await start('worker');
    worker = started.child;
    if (started.said !== 'Sluice is ready: worker\n') throw new Error(started.said);
    // The very address that the process was given, out of its own environment.
    const environment = readFileSync(`/proc/${worker.pid}/environ`, 'utf8').split('\0');
    const url = environment.find((one) => one.startsWith('DATABASE_URL='))?.slice('DATABASE_URL='.length);
    inside = new pg.Client({ connectionString: url, options: '-c search_path=sluice' });
    await inside.connect();
  }, 120_000);
  afterAll(async () => {
    await inside?.end();
    worker?.kill('SIGTERM');
    if (worker?.exitCode === null) await once(worker, 'exit');
    await program?.remove();
    await rm(folder, { recursive: true, force: true });
    await owner.query(`drop owned by ${login}; drop role ${login}`);
    await owner.end();
    await database.drop();
  });

  it('is connected by that login alone', async () => {
    const { rows } = await owner.query(
      'select distinct usename from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and pid <> all($1)',
      [[await backendOf(inside)]],
    );
    expect(rows).toEqual([{ usename: login }]);
  });

  it.each([
    'select sealed from connection_secret',
    'select * from connection_secret',
    'copy connection_secret to stdout',
    'select sealed from oauth_token',
    'select sealed from notice_webhook_secret',
    'select * from oauth_attempt',
    "update connection_secret set sealed = '' returning sealed",
    'insert into connection_secret select * from connection_secret returning sealed',
    'create view seen as select * from connection_secret',
    'set role sluice_broker',
    'set role sluice_api',
    "set session authorization 'postgres'",
    'grant sluice_broker to current_user',
    "create role another login password 'x' in role sluice_broker",
  ])('can’t by SQL: %s', async (sql) => {
    await expect(inside.query(sql)).rejects.toMatchObject(denied);
  });

  it('control: reads what a run needs', async () => {
    expect((await inside.query('select connection_id, version from connection_secret')).rows).toEqual([]);
    expect((await inside.query('select draft from flow')).rows).toEqual([]);
  });

  it('control: the owner’s login, which a server needs, reads it', async () => {
    expect((await owner.query('select sealed from connection_secret')).rows).toEqual([]);
  });

  it('waits for a server to make the tables, and says so', async () => {
    const empty = Object.assign(new URL(database.url), { pathname: `/${login}` });
    await owner.query(`create database ${login}`);
    try {
      const { said } = await start('worker', empty.href);
      expect(said).toContain('has not the tables of this version yet: start a server of this version first');
      expect(said).not.toContain('fault');
    } finally {
      await owner.query(`drop database ${login} with (force)`);
    }
  });

  it.each(['server,worker', 'worker,broker'])('is no login for %s, and says so', async (roles) => {
    const { said } = await start(roles);
    expect(said).toContain('may carry runs and nothing else: set SLUICE_ROLES to worker');
  });
});

async function backendOf(client: pg.Client): Promise<number> {
  return (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
}
