import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { apiCell, cellOptions, defaultCell, openPool } from './cell.js';
import { WorkspacePool } from './workspace-pool.js';

const pools: [string, (url: string) => pg.Pool][] = [
  ['the program', (url) => openPool(defaultCell(url), 2)],
  ['the API', (url) => new WorkspacePool({ ...cellOptions(apiCell(defaultCell(url))), max: 2 })],
];

describe.each(pools)('the pool of %s', (_, open) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('survives the end of a connection that is lent out and idle', async () => {
    const pool = open(database.url);
    const lent = await pool.connect();
    const { rows } = await lent.query('select pg_backend_pid() as pid');

    // An unheard error of this client would fail the whole test run, as it would end the program.
    const ended = new Promise((resolve) => lent.once('end', resolve));
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query('select pg_terminate_backend($1)', [rows[0].pid]);
    await owner.end();
    await ended;

    await expect(lent.query('select 1')).rejects.toThrow();
    lent.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});
