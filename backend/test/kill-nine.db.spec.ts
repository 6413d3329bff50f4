import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultCell, openPool } from '../src/platform/database/cell.js';
import { Clock } from '../src/platform/clock.js';
import { Keyring } from '../src/platform/keys/keyring.js';
import { parseRootKey } from '../src/platform/keys/root-key.js';
import { chainProblems } from './audit-chain.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { flowOf, post, seedConnection, seedFlow, seedWorkspace } from './seed.js';
import { send } from './send.js';
import { openSink, type Sink } from './sink.js';
import { buildHouse, type HouseProcess, type HouseProgram } from './spawn-house.js';
import { waitFor } from './wait-for.js';

let program: HouseProgram;
let sink: Sink;
let database: TestDatabase;
let pool: pg.Pool;
let keyring: Keyring;
const running: HouseProcess[] = [];

beforeAll(async () => {
  program = await buildHouse();
});
afterAll(() => program.remove());
beforeEach(async () => {
  sink = await openSink();
  database = await createTestDatabase();
  pool = openPool(defaultCell(database.url), 4);
  const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
  keyring = new Keyring({ database: pool, root, clock: new Clock() });
  await seedWorkspace(pool);
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
  await pool.end();
  await database.drop();
  await sink.close();
});

async function start(fault?: string): Promise<HouseProcess> {
  const started = await program.spawn([database.url, sink.host, ...(fault === undefined ? [] : [fault])]);
  running.push(started);
  return started;
}

async function deploy(keyed: boolean, steps: string[]) {
  const api = await seedConnection(pool, { host: sink.host, keyed });
  const document = flowOf(
    [
      { id: 'clean', kind: 'transform', input: { order: { $: 'trigger.body.order' } } },
      ...steps.map((id) => post(id, sink.host)),
    ],
    ['clean', ...steps].map((id, i) => `${['hook', 'clean', ...steps][i]}>${id}`),
  );
  return await seedFlow({ pool, keyring }, { document, bindings: { api } });
}

/** Every run by its order, once none is under way any more. */
async function settled(): Promise<{ id: string; event_id: string; status: string }[]> {
  return await waitFor(async () => {
    const open = await pool.query(`select id from run where status in ('running', 'waiting')`);
    return open.rowCount === 0 ? (await pool.query('select id, event_id, status from run')).rows : undefined;
  }, 40_000);
}

const orderOf = (body: unknown): string => {
  const { step, order } = JSON.parse(JSON.stringify(body));
  return `${order} ${step}`;
};

/** For each order and step the keys that the service saw. */
function ledger(): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const [key, calls] of sink.calls) {
    for (const { body } of calls) keys.set(orderOf(body), (keys.get(orderOf(body)) ?? new Set()).add(key));
  }
  return keys;
}

it('loses nothing and does nothing twice when a process that carries 200 runs is killed', async () => {
  sink.answer = () => ({ status: 200, afterMs: 20 + (Math.trunc(performance.now()) % 80) });
  const keyed = await deploy(true, ['one', 'two', 'three']);
  const unsafe = await deploy(false, ['mail', 'note']);
  const first = await start();
  const sending = Array.from({ length: 200 }, async (_, i) => {
    const to = i % 4 === 0 ? unsafe : keyed;
    return await send({ url: first.url, ...to }, { order: i }).catch(() => null);
  });
  await sink.reached(260);
  await first.kill();
  const sent = await Promise.all(sending);
  const accepted = sent.flatMap((one, i) => (one?.status === 202 ? [{ order: i, ids: JSON.stringify(one.body) }] : []));
  expect(accepted.length).toBeGreaterThan(50);
  await start();

  const runs = await settled();
  // N1: each delivery that was answered 202 has its one run.
  expect(
    accepted.filter(
      ({ ids }) => runs.filter(({ id, event_id }) => ids.includes(id) && ids.includes(event_id)).length !== 1,
    ),
  ).toEqual([]);
  expect(new Set(runs.map(({ event_id }) => event_id)).size).toBe(runs.length);
  expect(runs.filter(({ status }) => status === 'failed')).toEqual([]);
  // N2: one key for each order and step, so a service that drops repeats does each once; unsafe calls went out once at most.
  const seen = ledger();
  expect([...seen.values()].filter((keys) => keys.size !== 1)).toEqual([]);
  const unsafeCalls = [...sink.calls.values()].filter((calls) =>
    calls.some(({ body }) => /mail|note/.test(orderOf(body))),
  );
  expect(unsafeCalls.filter((calls) => calls.length > 1)).toEqual([]);
  for (const { order } of accepted) {
    if (order % 4 !== 0) expect(['one', 'two', 'three'].filter((step) => !seen.has(`${order} ${step}`))).toEqual([]);
  }
  const { rows: orders } = await pool.query(`select count(*)::int as n from run where status = 'in_doubt'`);
  const undone = accepted.filter(
    ({ order }) => order % 4 === 0 && !(seen.has(`${order} mail`) && seen.has(`${order} note`)),
  );
  expect(orders[0].n).toBeGreaterThanOrEqual(undone.length);
  // N4: the chains verify, and every call that was made has its intent.
  expect(await chainProblems(pool)).toEqual([]);
  const intents = await pool.query(`select count(*)::int as n from audit_entry where action = 'step.intent'`);
  const calls = [...sink.calls.values()].reduce((sum, all) => sum + all.length, 0);
  expect(intents.rows[0].n).toBeGreaterThanOrEqual(calls);
}, 90_000);

it('goes on when it is killed again right after it took a run over', async () => {
  const to = await deploy(true, ['one']);
  const first = await start('intent-committed:exit');
  await send({ url: first.url, ...to }, { order: 1 }).catch(() => null);
  await first.gone;
  const second = await start('claim:exit');
  await second.gone;
  await start();
  expect((await settled()).map(({ status }) => status)).toEqual(['succeeded']);
  expect(ledger().get('1 one')?.size).toBe(1);
}, 60_000);
