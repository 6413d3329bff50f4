import { afterEach, beforeEach, expect, it } from 'vitest';
import { ada, bodiesOf, call, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { send } from '../../test/send.js';
import { waitFor } from '../../test/wait-for.js';
import { nameOfKey } from './run-keys.js';

let flows: FlowHouse;

beforeEach(async () => {
  flows = await openFlowHouse();
});
afterEach(() => flows.close());

const steps = () => [
  call('first', flows.sink.host, { n: { $: 'trigger.body.n' }, of: 'first' }),
  { id: 'pause', kind: 'wait', seconds: 0.3 },
  call('last', flows.sink.host, { n: { $: 'trigger.body.n' }, of: 'last' }),
];
const edges = ['hook>first', 'first>pause', 'pause>last'];

async function inOrder() {
  const key = { $: 'trigger.body.customer' };
  return await flows.deploy(steps(), edges, { hook: { key, inOrder: true } });
}

it('go one after another by key, in the order in which they were accepted, and beside each other by different keys', async () => {
  const to = await inOrder();
  for (let n = 0; n < 6; n += 1) expect((await send(to, { n, customer: n % 2 })).status).toBe(202);
  const ids = (await flows.runs()).map(({ id }) => id);
  for (const id of ids) await flows.reached(id);
  const heard = bodiesOf(flows.sink).map((body) => ({ n: Number(Object(body).n), of: String(Object(body).of) }));
  for (const customer of [0, 1]) {
    const line = heard.filter(({ n }) => n % 2 === customer).map(({ n, of }) => `${n} ${of}`);
    expect(line).toEqual([0, 2, 4].flatMap((n) => [`${n + customer} first`, `${n + customer} last`]));
  }
  // Both lines moved at once.
  expect(new Set(heard.slice(0, 2).map(({ n }) => n))).toEqual(new Set([0, 1]));
});

it('go on after one that failed, and one that was cancelled while it waited', async () => {
  const to = await inOrder();
  flows.sink.answer = ({ body }) => ({ status: Object(body).n === 0 ? 400 : 200 });
  const runs: string[] = [];
  for (let n = 0; n < 4; n += 1) runs.push(await flows.start(to, { n, customer: 'a' }));
  const [failed = '', cancelled = '', last = '', after = ''] = runs;
  await flows.house.engine.cancel({ actor: ada, run: cancelled });
  await flows.reached(failed, 'failed');
  await flows.reached(cancelled, 'cancelled');
  await flows.reached(last);
  await flows.reached(after);
  expect(bodiesOf(flows.sink).map((body) => Object(body).n)).toEqual([0, 2, 2, 3, 3]);
});

it('go on behind one that is being cancelled in the moment in which it would be its turn', async () => {
  const to = await inOrder();
  const runs: string[] = [];
  flows.sink.answer = ({ body }) => ({ status: 200, afterMs: Object(body).of === 'last' ? 2000 : 0 });
  for (let n = 0; n < 3; n += 1) runs.push(await flows.start(to, { n, customer: 'a' }));
  const [first = '', cancelled = '', last = ''] = runs;
  const { pool, store } = flows.house;
  await waitFor(() => bodiesOf(flows.sink).some((body) => Object(body).of === 'last') || undefined);
  await store.transaction(async (tx) => {
    await tx.endParked(cancelled);
    await flows.reached(first);
    // Whoever ended the first looks for the next by now, and finds the line locked.
    await waitFor(async () => {
      const { rows } = await pool.query(`select from pg_locks where locktype = 'advisory' and not granted`);
      return rows.length > 0 || undefined;
    });
  });
  const begun = performance.now();
  await flows.reached(last);
  // It is not left to the look that comes after 15 s.
  expect(performance.now() - begun).toBeLessThan(10_000);
});

it('wait without work: only the next of a line has a job, and one that is cancelled gives it on', async () => {
  const to = await inOrder();
  flows.sink.answer = () => ({ status: 200, afterMs: 800 });
  const runs: string[] = [];
  for (let n = 0; n < 8; n += 1) runs.push(await flows.start(to, { n, customer: 'a' }));
  const [first = '', second = '', third = ''] = runs;
  const { pool, cell, engine } = flows.house;
  const waiting = async () => {
    const { rows } = await pool.query(
      `select distinct data ->> 'run' as run from ${cell.queueSchema}.job
       where name = 'run' and state in ('created', 'retry', 'active') and data ->> 'run' <> $1`,
      [first],
    );
    return rows.map(({ run }) => String(run));
  };
  await expect.poll(waiting).toEqual([second]);
  await engine.cancel({ actor: ada, run: second });
  await flows.reached(first);
  await flows.reached(third);
});

it('are found by their key, which the database cannot tell', async () => {
  const to = await inOrder();
  const run = await flows.start(to, { n: 1, customer: 'ada@example.com' });
  await flows.reached(run);
  const key = nameOfKey(await flows.house.keyring.key('wsp_1', '', 'idempotency'), 'ada@example.com');
  const { rows } = await flows.house.pool.query('select id, key, in_line from run where key = $1', [key]);
  expect(rows).toEqual([{ id: run, key, in_line: '0' }]);
  expect(key).not.toContain('ada');
});
