import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { type House, type HouseOptions, openHouse } from '../../test/open-house.js';
import { flowOf, post, seedConnection, seedFlow, seedWorkspace } from '../../test/seed.js';
import { send } from '../../test/send.js';
import { openSink, type Sink } from '../../test/sink.js';
import { waitFor } from '../../test/wait-for.js';
import type { Actor } from '../platform/actor.js';
import { defaultCell } from '../platform/database/cell.js';
import { isDatabaseAway } from '../platform/database/is-database-away.js';
import { openPayloads } from './open-payloads.js';
import { commit, loadEnvironmentKeys, openRunKey } from './run-keys.js';

const actor: Actor = { workspace: 'wsp_1', member: 'mbr_1', name: 'Ada', roles: ['owner'], requestId: 'req_1' };

let database: TestDatabase;
let sink: Sink;
let house: House;
let keyed: string;
let unsafe: string;
const others: House[] = [];

beforeAll(async () => {
  sink = await openSink();
});
afterAll(() => sink.close());
beforeEach(async () => {
  sink.calls.clear();
  sink.answer = () => ({ status: 200 });
  database = await createTestDatabase();
  house = await open();
  await seedWorkspace(house.pool);
  keyed = await seedConnection(house.pool, { host: sink.host, keyed: true });
  unsafe = await seedConnection(house.pool, { host: sink.host, keyed: false });
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await database.drop();
});

async function open(more: Partial<HouseOptions> = {}): Promise<House> {
  const opened = await openHouse({ cell: defaultCell(database.url), allowPrivateHosts: [sink.host], ...more });
  others.push(opened);
  return opened;
}

async function deploy(
  steps: object[],
  edges: string[],
  more: { connection?: string; config?: object; settings?: object } = {},
) {
  const { connection = keyed, config = {}, settings = {} } = more;
  const seeded = await seedFlow(house, {
    document: flowOf(steps, edges, { settings }),
    bindings: { api: connection },
    config,
  });
  return { url: house.url, ...seeded };
}

async function runRow(id: unknown) {
  const { rows } = await house.pool.query('select status, owner, epoch, error, due_at from run where id = $1', [id]);
  return rows[0];
}

async function ended(id: unknown, status = 'succeeded') {
  return await waitFor(async () => {
    // A test may have cut the connections that this one asks over, too.
    const row = await runRow(id).catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
    });
    return row?.status === status ? row : undefined;
  });
}

async function actions(run: unknown): Promise<string[]> {
  const { rows } = await house.pool.query(
    `select action, step_id, attempt from audit_entry where run_id = $1 order by at, id`,
    [run],
  );
  return rows.map(({ action, step_id, attempt }) =>
    [action, step_id, attempt].filter((part) => part !== null).join(' '),
  );
}

const runOf = (sent: { body: unknown }): string =>
  typeof sent.body === 'object' && sent.body !== null && 'runId' in sent.body ? String(sent.body.runId) : '';

describe('a run', () => {
  it('goes from a delivery through transform and branch to the service, and every step is in the log', async () => {
    const to = await deploy(
      [
        { id: 'clean', kind: 'transform', input: { total: { $: 'trigger.body.amount / 100' } } },
        { id: 'big', kind: 'branch', cases: [{ port: 'large', when: { $: 'steps.clean.total >= 100' } }] },
        post('charge', sink.host),
        post('small', sink.host),
      ],
      ['hook>clean', 'clean>big', 'big.large>charge', 'big.else>small'],
    );
    const sent = await send(to, { order: 'A-1', amount: 12_900 });
    expect(sent.status).toBe(202);
    const run = runOf(sent);
    expect((await ended(run)).owner).toBeNull();
    expect([...sink.calls.values()].flat().map(({ body }) => body)).toEqual([{ step: 'charge', order: 'A-1' }]);
    expect((await actions(run)).sort()).toEqual([
      'run.finished',
      'run.started',
      'step.intent charge 1',
      'step.outcome charge 1',
      'step.skipped',
      'step.succeeded',
    ]);
    const { rows } = await house.pool.query(
      `select body::jsonb -> 'detail' as detail from audit_entry where run_id = $1 and action = 'step.succeeded'`,
      [run],
    );
    expect(rows[0]?.detail).toEqual({
      done: [
        { step: 'clean', kind: 'transform', port: 'next' },
        { step: 'big', kind: 'branch', port: 'large' },
      ],
    });
  });

  it('runs parallel paths at once and joins them', async () => {
    sink.answer = () => ({ status: 200, afterMs: 150 });
    const to = await deploy(
      [post('one', sink.host), post('two', sink.host), post('last', sink.host)],
      ['hook>one', 'hook>two', 'one>last', 'two>last'],
    );
    const run = runOf(await send(to, { order: 'A-1' }));
    await ended(run);
    const times = [...sink.calls.values()].flat().sort((one, other) => one.at - other.at);
    expect(times.map(({ body }) => body)).toHaveLength(3);
    expect(times[1] && times[0] && times[1].at - times[0].at).toBeLessThan(100);
    expect(times[2]?.body).toEqual({ step: 'last', order: 'A-1' });
  });

  it('carries two thousand steps in one commit', async () => {
    const ids = Array.from({ length: 1998 }, (_, i) => `s${i}`);
    const steps = ids.map((id, i) => ({
      id,
      kind: 'transform',
      input: { n: { $: i === 0 ? 'trigger.body.n + 1' : `steps.s${i - 1}.n + 1` } },
    }));
    const to = await deploy(
      [...steps, { id: 'answer', kind: 'respond', body: { $: 'steps.s1997.n' } }],
      [...ids, 'answer'].map((id, i) => `${['hook', ...ids][i]}>${id}`),
      { config: { respond: 'result' } },
    );
    expect(await send(to, { n: 0 })).toMatchObject({ status: 200, body: 1998 });
    const { rows } = await house.pool.query(
      'select count(*)::int as entries, count(distinct block)::int as blocks from audit_entry where run_id is not null',
    );
    expect(rows).toEqual([{ entries: 3, blocks: 1 }]);
    const { rows: told } = await house.pool.query(
      `select jsonb_array_length(body::jsonb -> 'detail' -> 'done') as steps from audit_entry where action = 'step.succeeded'`,
    );
    expect(told).toEqual([{ steps: 1999 }]);
  });

  it('answers a waiting caller from its respond step, after the commit', async () => {
    const to = await deploy(
      [
        {
          id: 'answer',
          kind: 'respond',
          status: 201,
          headers: { 'x-a': 'b', 'set-cookie': 'no=1' },
          body: { twice: { $: 'trigger.body.n * 2' } },
        },
      ],
      ['hook>answer'],
      { config: { respond: 'result' } },
    );
    const sent = await send(to, { n: 21 });
    expect(sent).toMatchObject({ status: 201, body: { twice: 42 } });
    expect([sent.headers.get('x-a'), sent.headers.get('set-cookie')]).toEqual(['b', null]);
    const { rows } = await house.pool.query('select status from run');
    expect(rows).toEqual([{ status: 'succeeded' }]);
  });

  it('keeps what goes in and comes out encrypted', async () => {
    const to = await deploy([post('charge', sink.host)], ['hook>charge']);
    await ended(runOf(await send(to, { order: 'canary-4711' })));
    const { rows } = await house.pool.query(`select kind, sealed from payload`);
    expect(rows.map(({ kind }) => kind)).toEqual(['turn', 'turn']);
    expect(rows.some(({ sealed }) => sealed.includes('canary-4711'))).toBe(false);
    const entries = await house.pool.query('select body from audit_entry');
    expect(JSON.stringify(entries.rows)).not.toContain('canary-4711');
  });

  it('fixes what goes in and comes out: whoever has a value and the salt of its run finds it in the log', async () => {
    const to = await deploy([post('charge', sink.host)], ['hook>charge']);
    const run = runOf(await send(to, { order: 'A-1' }));
    await ended(run);
    const { rows: found } = await house.pool.query('select payload_key as "payloadKey" from run where id = $1', [run]);
    const { rows: stored } = await house.pool.query(
      'select step_id as step, attempt, kind, sealed from payload where run_id = $1',
      [run],
    );
    const keys = await loadEnvironmentKeys(house.keyring, { workspace: 'wsp_1', environment: 'dev' });
    const { key, salt } = openRunKey(keys, { id: run, ...found[0] });
    const { values } = openPayloads(run, { key, stored });
    const { rows } = await house.pool.query(`select body from audit_entry where run_id = $1`, [run]);
    const log = JSON.stringify(rows);
    expect(values.map(({ kind }) => kind).toSorted()).toEqual(['event', 'input', 'output']);
    for (const { value } of values) expect(log).toContain(commit(salt, JSON.stringify(value)));
  });
});

describe('failure', () => {
  it('fails the run with the step and its reason, and is not retried when the service rejects', async () => {
    sink.answer = () => ({ status: 422 });
    const to = await deploy(
      [post('charge', sink.host, { retry: { attempts: 3, backoff: 'fixed', firstSeconds: 0 } })],
      ['hook>charge'],
    );
    const run = runOf(await send(to, { order: 'A-1' }));
    const row = await ended(run, 'failed');
    expect(row.error).toEqual({
      code: 'connector.rejected',
      message: `POST ${sink.host} answered 422.`,
      step: 'charge',
    });
    expect([...sink.calls.values()].flat()).toHaveLength(1);
  });

  it('takes the error port and goes on', async () => {
    sink.answer = ({ body }) => ({ status: JSON.stringify(body).includes('"charge"') ? 422 : 200 });
    const to = await deploy(
      [post('charge', sink.host, { onError: 'port' }), post('told', sink.host)],
      ['hook>charge', 'charge.error>told'],
    );
    await ended(runOf(await send(to, { order: 'A-1' })));
    expect([...sink.calls.values()].flat().map(({ body }) => body)).toContainEqual({ step: 'told', order: 'A-1' });
  });

  it('parks between attempts, honours Retry-After, and repeats with the same key and input', async () => {
    sink.answer = ({ nth }) => (nth === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 });
    const to = await deploy(
      [post('charge', sink.host, { retry: { attempts: 3, backoff: 'exponential', firstSeconds: 0 } })],
      ['hook>charge'],
    );
    const run = runOf(await send(to, { order: 'A-1' }));
    const parked = await ended(run, 'waiting');
    expect([parked.owner, parked.due_at]).toEqual([null, expect.any(Date)]);
    await ended(run);
    const [calls, ...rest] = [...sink.calls.values()];
    expect(rest).toEqual([]);
    expect(calls?.map(({ body }) => body)).toEqual(Array(2).fill({ step: 'charge', order: 'A-1' }));
    expect((calls?.[1]?.at ?? 0) - (calls?.[0]?.at ?? 0)).toBeGreaterThan(950);
    expect((await actions(run)).filter((action) => action.startsWith('step'))).toEqual([
      'step.intent charge 1',
      'step.outcome charge 1',
      'step.intent charge 2',
      'step.outcome charge 2',
    ]);
  });

  it('gives up after the attempts that the policy allows, and says to the broker which is made again', async () => {
    sink.answer = () => ({ status: 503 });
    const calls = vi.spyOn(house.broker, 'call');
    const to = await deploy(
      [post('charge', sink.host, { retry: { attempts: 2, backoff: 'fixed', firstSeconds: 0 } })],
      ['hook>charge'],
    );
    expect((await ended(runOf(await send(to, { order: 'A-1' })), 'failed')).error.code).toBe('connector.unavailable');
    expect([...sink.calls.values()].flat()).toHaveLength(2);
    expect(calls.mock.calls.map(([, , bounds]) => bounds?.isRetry)).toEqual([false, true]);
  });

  it('fails a step that gets no answer in its time, as uncertain', async () => {
    sink.answer = () => ({ status: 200, afterMs: 5000 });
    const to = await deploy([post('charge', sink.host, { timeoutSeconds: 1 })], ['hook>charge']);
    expect((await ended(runOf(await send(to, { order: 'A-1' })), 'failed')).error.code).toBe('step.timeout');
  });

  it('ends a run that takes too long', async () => {
    const to = await deploy(
      [{ id: 'pause', kind: 'wait', seconds: 3600 }, post('charge', sink.host)],
      ['hook>pause', 'pause>charge'],
      { settings: { timeoutSeconds: 1 } },
    );
    expect((await ended(runOf(await send(to, { order: 'A-1' })), 'failed')).error.code).toBe('run.timeout');
    expect(sink.calls.size).toBe(0);
  });

  it('records what the broker refused, under its code', async () => {
    const to = await deploy([post('charge', '127.0.0.1:9')], ['hook>charge']);
    expect((await ended(runOf(await send(to, { order: 'A-1' })), 'failed')).error.code).toMatch(/^(broker|egress)\./);
  });
});

describe('waits', () => {
  it('parks what is past a rate limit instead of failing or holding it, and does all of it in time', async () => {
    const to = await deploy([post('pay', sink.host)], ['hook>pay'], { connection: unsafe });
    await house.pool.query(`update connection set limits = '{"callsPerSecond":1,"burst":1}' where id = $1`, [unsafe]);
    const runs = (await Promise.all([1, 2, 3].map((n) => send(to, { order: n }, { id: `msg_${n}` })))).map(runOf);
    for (const run of runs) await ended(run);
    expect([...sink.calls.values()].flat()).toHaveLength(3);
    const { rows } = await house.pool.query(
      `select body from audit_entry where run_id = any($1) and action = 'step.outcome'`,
      [runs],
    );
    const paused = rows.map(({ body }) => JSON.parse(body).detail).filter(({ paused: isPaused }) => isPaused);
    expect(paused.length).toBeGreaterThanOrEqual(1);
    for (const { error } of paused) expect(error).toEqual({ code: 'broker.rate_limited' });
  });

  it('waits instead of failing while a kill switch is on, and says who set it', async () => {
    const to = await deploy([post('pay', sink.host)], ['hook>pay'], { connection: unsafe });
    await house.pool.query(
      `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ('kil_1', 'wsp_1', 'connection', $1, 'breach', 'mbr_1', 'Ada')`,
      [unsafe],
    );
    const run = runOf(await send(to, { order: 1 }));
    const parked = await ended(run, 'waiting');
    expect(parked).toMatchObject({ owner: null, error: null, due_at: expect.any(Date) });
    expect(sink.calls.size).toBe(0);
    const { rows } = await house.pool.query(
      `select body from audit_entry where run_id = $1 and action = 'step.outcome'`,
      [run],
    );
    expect(rows.map(({ body }) => JSON.parse(body).detail)).toEqual([
      expect.objectContaining({ paused: true, error: { code: 'broker.stopped' }, calls: expect.any(Array) }),
    ]);
  });

  it('parks for a wait and goes on with what it knew, in whatever process', async () => {
    const to = await deploy(
      [
        { id: 'name', kind: 'transform', input: { upper: { $: '$uppercase(trigger.body.order)' } } },
        { id: 'pause', kind: 'wait', seconds: 1 },
        post('charge', sink.host, {
          input: { method: 'POST', url: `http://${sink.host}/x`, body: { order: { $: 'steps.name.upper' } } },
        }),
      ],
      ['hook>name', 'name>pause', 'pause>charge'],
    );
    const run = runOf(await send(to, { order: 'a-1' }));
    expect((await runRow(run)).status).toBe('waiting');
    await ended(run);
    expect([...sink.calls.values()].flat().map(({ body }) => body)).toEqual([{ order: 'A-1' }]);
    expect((await actions(run)).filter((action) => action.startsWith('run') || action.includes('pause'))).toEqual([
      'run.started',
      'step.waiting pause',
      'run.parked',
      'run.resumed',
      'step.succeeded pause',
      'run.finished',
    ]);
  });
});

describe('a step that may not be repeated', () => {
  it('is in doubt when the answer was lost, and a person settles it', async () => {
    sink.answer = ({ nth, body }) =>
      nth === 1 && JSON.stringify(body).includes('charge') ? { status: 200, drop: true } : { status: 200 };
    const to = await deploy(
      [
        post('charge', sink.host, { retry: { attempts: 5, backoff: 'fixed', firstSeconds: 0 } }),
        post('after', sink.host),
      ],
      ['hook>charge', 'charge>after'],
      { connection: unsafe },
    );
    const happened = runOf(await send(to, { order: 'A-1' }));
    const again = runOf(await send(to, { order: 'A-2' }));
    await ended(happened, 'in_doubt');
    await ended(again, 'in_doubt');
    expect(sink.calls.size).toBe(2);
    await expect(house.engine.resolve({ actor, run: happened, step: 'after', happened: true })).rejects.toMatchObject({
      code: 'run.not_in_doubt',
    });
    await house.engine.resolve({ actor, run: happened, step: 'charge', happened: true });
    await house.engine.resolve({ actor, run: again, step: 'charge', happened: false });
    await ended(happened);
    await ended(again);
    const calls = [...sink.calls.values()]
      .flat()
      .map(({ body }) => JSON.stringify(body))
      .sort();
    expect(calls).toEqual([
      '{"step":"after","order":"A-1"}',
      '{"step":"after","order":"A-2"}',
      '{"step":"charge","order":"A-1"}',
      '{"step":"charge","order":"A-2"}',
      '{"step":"charge","order":"A-2"}',
    ]);
    await expect(house.engine.resolve({ actor, run: happened, step: 'charge', happened: true })).rejects.toMatchObject({
      code: 'run.not_in_doubt',
    });
  });

  it('keeps the run parked for its answer when another branch has failed and a third waits', async () => {
    sink.answer = ({ body }) =>
      JSON.stringify(body).includes('charge') ? { status: 200, drop: true } : { status: 422, afterMs: 100 };
    const to = await deploy(
      [post('charge', sink.host), post('reject', sink.host), { id: 'pause', kind: 'wait', seconds: 0.3 }],
      ['hook>charge', 'hook>reject', 'hook>pause'],
      { connection: unsafe },
    );
    const run = runOf(await send(to, { order: 'A-1' }));
    expect(await ended(run, 'in_doubt')).toMatchObject({ owner: null, due_at: null });

    await house.engine.resolve({ actor, run, step: 'charge', happened: true });

    expect((await ended(run, 'failed')).error).toMatchObject({ step: 'reject' });
  });
});

describe('people', () => {
  it('start runs by hand, replay deliveries, and cancel what waits', async () => {
    const to = await deploy(
      [{ id: 'pause', kind: 'wait', seconds: { $: 'trigger.body.wait' } }, post('charge', sink.host)],
      ['hook>pause', 'pause>charge'],
    );
    const { runId } = await house.engine.startManual({
      actor,
      deployment: to.deployment,
      input: { order: 'M-1', wait: 0 },
    });
    await ended(runId);
    const waiting = await house.engine.startManual({
      actor,
      deployment: to.deployment,
      input: { order: 'M-2', wait: 600 },
    });
    await house.engine.cancel({ actor, run: waiting.runId });
    expect((await runRow(waiting.runId)).status).toBe('cancelled');
    await expect(house.engine.cancel({ actor, run: waiting.runId })).rejects.toMatchObject({
      code: 'run.not_cancellable',
    });
    const sent = await send(to, { order: 'W-1', wait: 0 });
    await ended(runOf(sent));
    const eventId =
      typeof sent.body === 'object' && sent.body !== null && 'eventId' in sent.body ? String(sent.body.eventId) : '';
    const replayed = await house.engine.replayEvent({ actor, eventId });
    await ended(replayed.runId);
    const orders = [...sink.calls.values()].flat().map(({ body }) => body);
    expect(orders).toEqual(['M-1', 'W-1', 'W-1'].map((order) => ({ step: 'charge', order })));
    await expect(house.engine.replayEvent({ actor: { ...actor, workspace: 'wsp_2' }, eventId })).rejects.toMatchObject({
      code: 'event.unknown',
    });
  });

  it('cancel a run under way: what is under way ends, nothing more begins', async () => {
    sink.answer = () => ({ status: 200, afterMs: 300 });
    const to = await deploy([post('one', sink.host), post('two', sink.host)], ['hook>one', 'one>two']);
    const run = runOf(await send(to, { order: 'A-1' }));
    await sink.reached(1);
    await house.engine.cancel({ actor, run });
    await ended(run, 'cancelled');
    expect(sink.calls.size).toBe(1);
  });
});

it('goes on after every connection to the database was cut, with all that it had acknowledged', async () => {
  const cut = await open({ leaseSeconds: 1.5 });
  sink.answer = () => ({ status: 200, afterMs: 30 });
  const to = await deploy(
    [post('one', sink.host), { id: 'pause', kind: 'wait', seconds: 0.1 }, post('two', sink.host)],
    ['hook>one', 'one>pause', 'pause>two'],
  );
  const owner = new pg.Client({ connectionString: database.url });
  owner.on('error', () => undefined);
  await owner.connect();
  const cutAll = () =>
    owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  const sending = Array.from({ length: 40 }, (_, i) => send({ ...to, url: cut.url }, { order: i }).catch(() => null));
  await sink.reached(5);
  await cutAll();
  await sink.reached(30);
  await cutAll();
  const accepted = (await Promise.all(sending)).flatMap((sent) => (sent?.status === 202 ? [runOf(sent)] : []));
  await owner.end();
  expect(accepted.length).toBeGreaterThan(10);
  for (const run of accepted) await ended(run);
  for (const calls of sink.calls.values()) expect(new Set(calls.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await chainProblems(house.pool)).toEqual([]);
});

describe('several processes', () => {
  it('has a process without a worker store runs for one that has', async () => {
    const server = await open({ carries: false });
    const to = await deploy([post('charge', sink.host)], ['hook>charge']);
    const sent = await send({ ...to, url: server.url }, { order: 'A-1' });
    expect(sent.status).toBe(202);
    await ended(runOf(sent));
    expect(sink.calls.size).toBe(1);
  });

  it('takes what is past the window in order to carry it later', async () => {
    const small = await open({ window: 4 });
    sink.answer = () => ({ status: 200, afterMs: 50 });
    const to = await deploy([post('charge', sink.host)], ['hook>charge']);
    const sent = await Promise.all(Array.from({ length: 30 }, (_, i) => send({ ...to, url: small.url }, { order: i })));
    expect(sent.every(({ status }) => status === 202)).toBe(true);
    for (const one of sent) await ended(runOf(one));
    expect(sink.calls.size).toBe(30);
    expect([...sink.calls.values()].every((calls) => calls.length === 1)).toBe(true);
  });

  it('hands its runs over when it stops', async () => {
    const other = await open();
    sink.answer = () => ({ status: 200, afterMs: 200 });
    const to = await deploy([post('one', sink.host), post('two', sink.host)], ['hook>one', 'one>two']);
    const runs = await Promise.all(Array.from({ length: 5 }, async (_, i) => runOf(await send(to, { order: i }))));
    await sink.reached(5);
    others.splice(others.indexOf(house), 1);
    const closing = house.close();
    house = other;
    await closing;
    for (const run of runs) expect((await ended(run)).epoch).toBe(0);
    expect(sink.calls.size).toBe(10);
    expect([...sink.calls.values()].every((calls) => calls.length === 1)).toBe(true);
  });

  it('refuses what a process writes that was taken for dead', async () => {
    sink.answer = ({ nth }) => ({ status: 200, afterMs: nth === 1 ? 1500 : 0 });
    const to = await deploy([post('one', sink.host), post('two', sink.host)], ['hook>one', 'one>two']);
    const run = runOf(await send(to, { order: 'A-1' }));
    await sink.reached(1);
    await house.pool.query('delete from process');
    await open();
    await ended(run);
    expect((await runRow(run)).epoch).toBe(1);
    await waitFor(() => ([...sink.calls.values()][0]?.length === 2 ? true : undefined));
    const outcomes = (await actions(run)).filter((action) => action.startsWith('step.outcome one'));
    expect(outcomes).toEqual(['step.outcome one 2']);
    expect(sink.calls.size).toBe(2);
  });
});
