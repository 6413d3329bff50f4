import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { cellOptions, defaultCell } from '../../platform/database/cell.js';
import { prepareQueue, runQueue } from './prepare-queue.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('makes a queue that the program may use, and may be repeated', async () => {
  const cell = defaultCell(database.url);
  await prepareQueue(cell);
  const client = new pg.Client(cellOptions(cell));
  await client.connect();
  const { rows } = await client.query(`select name, heartbeat_seconds from ${cell.queueSchema}.queue where name = $1`, [
    runQueue,
  ]);
  await client.end();
  expect(rows).toEqual([{ name: runQueue, heartbeat_seconds: 10 }]);
});
