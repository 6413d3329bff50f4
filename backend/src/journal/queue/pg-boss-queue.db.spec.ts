import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { waitFor } from '../../../test/wait-for.js';
import { type Cell, defaultCell, openPool } from '../../platform/database/cell.js';
import { PgBossQueue } from './pg-boss-queue.js';

let database: TestDatabase;
let cell: Cell;
let pool: pg.Pool;
let queue: PgBossQueue;
const troubles: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  cell = defaultCell(database.url);
  pool = openPool(cell, 2);
  queue = new PgBossQueue({ cell, supervise: true, onTrouble: (error) => troubles.push(error) });
  await queue.start();
});
afterAll(async () => {
  await queue.stop();
  await pool.end();
  await database.drop();
});

const job = (run: string, more: { workspace?: string; after?: number } = {}) => ({
  run,
  workspace: more.workspace ?? 'wsp_1',
  after: more.after ?? null,
});
/** Fetches and settles. */
async function runs(full: string[] = []): Promise<string[]> {
  const jobs = await queue.fetch(10, full);
  await queue.settle(pool, jobs);
  return jobs.map(({ run }) => run);
}

it('gives each job once, none before its time, and none of a workspace that holds its share', async () => {
  await queue.enqueue(pool, [
    job('a'),
    job('b', { workspace: 'wsp_2' }),
    job('later', { after: Date.now() + 700 }),
    job('much later', { after: Date.now() + 3_600_000 }),
  ]);
  expect(await runs(['wsp_2'])).toEqual(['a']);
  expect(await runs()).toEqual(['b']);
  expect(await queue.stats()).toMatchObject({ deferred: 2, active: 0 });
  expect(await waitFor(async () => (await runs()).at(0))).toBe('later');
});

it('keeps no job of a transaction that was rolled back', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await queue.enqueue(client, [job('never')]);
  await client.query('rollback');
  client.release();
  expect(await runs()).toEqual([]);
});

it('gives a job again whose process died before it claimed the run, and lets the dead one settle nothing', async () => {
  await queue.enqueue(pool, [job('orphan')]);
  const [dead] = await queue.fetch(1, []);
  const again = await waitFor(async () => (await queue.fetch(1, [])).at(0), 25_000);
  expect([again.run, dead?.run, again.attempt]).toEqual(['orphan', 'orphan', (dead?.attempt ?? 0) + 1]);
  if (dead !== undefined) await queue.settle(pool, [dead]);
  const state = async () =>
    (await pool.query(`select state::text from ${cell.queueSchema}.job where id = $1`, [again.id])).rows[0].state;
  expect(await state()).toBe('active');
  await queue.settle(pool, [again]);
  expect(await state()).toBe('completed');
  expect(troubles).toEqual([]);
}, 40_000);
