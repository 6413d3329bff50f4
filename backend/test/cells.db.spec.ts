import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultCell } from '../src/platform/database/cell.js';
import { migrateDatabase } from '../src/platform/database/migrate.js';
import { chainProblems } from './audit-chain.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type House, openHouse } from './open-house.js';
import { flowOf, post, seedConnection, seedFlow, seedWorkspace } from './seed.js';
import { send } from './send.js';
import { openSink, type Sink } from './sink.js';
import { startServer } from './throwaway-server.js';
import { waitFor } from './wait-for.js';

/*
 * A cell is everything of its workspaces: tables, queue, log, in one schema of one server. Two of them on two servers
 * share nothing but the program, which is what makes the way past one primary a matter of counting.
 */

let sink: Sink;
let first: TestDatabase;
let second: { url: string; stop(): Promise<void> };
let cells: House[];

beforeAll(async () => {
  sink = await openSink();
  first = await createTestDatabase();
  second = await startServer();
  await migrateDatabase(second.url);
  cells = [];
  for (const url of [first.url, second.url])
    cells.push(await openHouse({ cell: defaultCell(url), allowPrivateHosts: [sink.host] }));
});
afterAll(async () => {
  for (const cell of cells) await cell.close();
  await first.drop();
  await second.stop();
  await sink.close();
});

it('carries the runs of two cells on two servers, each with its own tables, queue and chain', async () => {
  const sent = await Promise.all(
    cells.map(async (house, n) => {
      await seedWorkspace(house.pool);
      const api = await seedConnection(house.pool, { host: sink.host, keyed: true });
      const document = flowOf(
        [{ id: 'rest', kind: 'wait', seconds: 1 }, post('call', sink.host)],
        ['hook>rest', 'rest>call'],
      );
      const to = await seedFlow(house, { document, bindings: { api } });
      return await Promise.all(
        Array.from({ length: 5 + n }, (_, i) => send({ url: house.url, ...to }, { order: `${n}-${i}` })),
      );
    }),
  );
  expect(sent.flat().map(({ status }) => status)).toEqual(Array.from({ length: 11 }, () => 202));
  for (const [n, { pool }] of cells.entries()) {
    const ids = await waitFor(async () => {
      const { rows } = await pool.query(`select id from run where status = 'succeeded'`);
      return rows.length === 5 + n ? rows.map(({ id }) => id) : undefined;
    });
    const told = sent[n]?.map(({ body }) => JSON.stringify(body)) ?? [];
    expect(ids.every((id) => told.some((one) => one.includes(id)))).toBe(true);
    expect(await chainProblems(pool)).toEqual([]);
  }
  expect(sink.calls.size).toBe(11);
});
