import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { waitFor } from '../../test/wait-for.js';
import { Changes } from './changes.js';
import { type Cell, defaultCell, openPool } from './database/cell.js';

let database: TestDatabase;
let cell: Cell;
let pool: pg.Pool;
let [here, there]: [Changes | null, Changes | null] = [null, null];

beforeAll(async () => {
  database = await createTestDatabase();
  cell = defaultCell(database.url);
  pool = openPool(cell, 2);
});
afterAll(async () => {
  await here?.stop();
  await there?.stop();
  await pool.end();
  await database.drop();
});

it('tells every process of a change once it is committed, and of a passing one at all once', async () => {
  const [one, other] = [new Changes(cell), new Changes(cell)];
  [here, there] = [one, other];
  await one.start();
  await other.start();
  const heard: string[] = [];
  for (const [name, changes] of [
    ['here', one],
    ['there', other],
  ] as const) {
    changes.on('grants', (ids) => heard.push(`${name} ${ids?.join()}`));
    changes.on('runs', (ids) => heard.push(`${name} ${ids === null ? 'many' : ids.length}`));
  }
  const client = await pool.connect();
  await client.query('begin');
  await one.notify(client, 'grants', 'grt_no');
  await client.query('rollback');
  await client.query('begin');
  await one.notify(client, 'grants', 'grt_1');
  expect(heard).toEqual([]);
  await client.query('commit');
  client.release();
  await waitFor(() => (heard.length === 2 ? true : undefined));
  expect(heard.sort()).toEqual(['here grt_1', 'there grt_1']);

  heard.length = 0;
  for (let i = 0; i < 20; i += 1) one.publish('runs', [`run_${i}`]);
  expect(heard).toEqual(Array(20).fill('here 1'));
  expect(await waitFor(() => heard.find((line) => line.startsWith('there')))).toBe('there 20');
  heard.length = 0;
  one.publish(
    'runs',
    Array.from({ length: 500 }, (_, i) => `run_${i}`),
  );
  expect(await waitFor(() => heard.find((line) => line.startsWith('there')))).toBe('there many');
});

it('says that anything may have changed after its connection was cut', async () => {
  const heard: unknown[] = [];
  here?.on('connections', (ids) => heard.push(ids));
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await owner.end();
  await waitFor(() => (heard.length > 0 ? true : undefined));
  expect(heard).toEqual([null]);
  await here?.notify(pool, 'connections', 'con_1');
  await waitFor(() => (heard.length > 1 ? true : undefined));
  expect(heard).toEqual([null, ['con_1']]);
});
