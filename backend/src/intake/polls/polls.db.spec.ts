import { reply, type ServiceDouble } from '@sluice/shared/connector';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FlowHouse, openFlowHouse } from '../../../test/flow-house.js';
import type { House } from '../../../test/open-house.js';
import { notionDouble } from '../../connectors/notion/double.js';
import { Vault } from '../../broker/call.js';
import { type ServedDouble, serveDouble } from '../../demo/serve-double.js';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { Polls } from './polls.js';

/** A clock that stands at a time until it is put forward. */
class SetClock extends Clock {
  at = Date.parse('2026-01-01T00:00:30.000Z');
  override now(): number {
    return this.at;
  }
}

const database = '00000000-0000-4000-9000-000000000001';

let notion: ServiceDouble;
let served: ServedDouble;
let isDown: boolean;
/** The page whose text is more than a run carries. */
let large: string | null;
let flows: FlowHouse;
let clock: SetClock;
let open: Polls[];

beforeEach(async () => {
  clock = new SetClock();
  notion = notionDouble();
  isDown = false;
  large = null;
  served = await serveDouble({
    ...notion,
    handle: async (request) => (isDown ? reply(503, {}) : grown(await notion.handle(request))),
  });
  flows = await openFlowHouse({ clock, doubles: new Map([[notion.host, served.url]]) });
  open = [];
});
afterEach(async () => {
  for (const polls of open) await polls.stop();
  await flows.close();
  await served.stop();
});

function grown(answer: Awaited<ReturnType<ServiceDouble['handle']>>) {
  if (typeof answer === 'string' || large === null) return answer;
  const { results, ...rest } = Object(answer.body);
  const page = (one: { id: string }) => (one.id === large ? { ...one, url: 'x'.repeat(1_100_000) } : one);
  return { ...answer, body: Array.isArray(results) ? { ...rest, results: results.map(page) } : rest };
}

function openPolls(more: Partial<Pick<House, 'engine'>> & { mostItems?: number } = {}): Polls {
  const { pool, engine, journal, broker, stops, changes } = flows.house;
  const log = new Log('silent');
  const polls = new Polls({ pool, engine, journal, broker, stops, changes, clock, log, ...more });
  open.push(polls);
  return polls;
}

/** Deploys a flow that begins with the trigger; answers its flow. */
async function deploy(config: object = {}): Promise<string> {
  const { house } = flows;
  const to = await flows.deploy(
    [{ id: 'line', kind: 'transform', input: { page: { $: 'trigger.body.id' } } }],
    ['hook>line'],
    {
      hook: { connector: 'notion', trigger: 'page.new', config: { database, ...config } },
    },
  );
  await house.pool.query(
    `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
     values ('con_notion', 'wsp_1', 'dev', 'notion', 'Notion', 'bearer', '{}', '{api.notion.com}', 'mbr_1')`,
  );
  await new Vault(house.keyring).putSecret(
    house.pool,
    { workspace: 'wsp_1', environment: 'dev', id: 'con_notion', version: 1 },
    notion.grant(['read content', 'insert content']),
  );
  await house.pool.query(
    `update flow_version set document = jsonb_set(document::jsonb, '{slots}', '{"pages":{"connector":"notion"}}')::json where flow_id = $1`,
    [to.flow],
  );
  await house.pool.query(`update deployment set bindings = '{"pages":"con_notion"}' where id = $1`, [to.deployment]);
  house.changes.publish('deployments', [to.deployment]);
  return to.flow;
}

const events = async () => {
  const { rows } = await flows.house.pool.query(
    `select message_id from trigger_event where status = 'accepted' order by received_at, id`,
  );
  return rows.map((row) => row.message_id);
};
const poll = async () => (await flows.house.pool.query('select * from poll')).rows[0];
const actions = async () => {
  const { rows } = await flows.house.pool.query(
    `select action from audit_entry where actor = 'poll' and action like 'poll.%' order by at, id`,
  );
  return rows.map((row) => row.action);
};
const page = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

it('starts one run an item, however many processes look, and asks no more often than it was told to', async () => {
  await deploy({ begin: 'all' });
  const all = [openPolls(), openPolls(), openPolls()];
  const tick = () => Promise.all(all.map((polls) => polls.tick()));
  await tick();
  expect(await events()).toEqual([1, 2, 3].map(page));
  expect((await flows.runs()).map(({ started_by }) => started_by)).toEqual(['poll', 'poll', 'poll']);
  clock.at += 299_000;
  await tick();
  expect(await actions()).toEqual(['poll.asked', 'poll.answered']);
  clock.at += 1000;
  await tick();
  expect(await actions()).toEqual(['poll.asked', 'poll.answered', 'poll.asked', 'poll.answered']);
  expect(await events()).toHaveLength(3);
});

it('begins with what comes from now on, unless it is asked for all', async () => {
  clock.at = Date.parse('2026-01-01T12:00:30.000Z');
  await deploy();
  const polls = openPolls();
  await polls.tick();
  expect(await events()).toEqual([]);
  const { looked_at, cursor } = await poll();
  expect(looked_at).toEqual(new Date(clock.at));
  expect(JSON.parse(cursor)).toEqual({ from: '2026-01-01T12:00:00.000Z' });
});

it('stores how far it has come with the last of its events: what a process left half done is found again, once', async () => {
  await deploy({ begin: 'all' });
  const { engine } = flows.house;
  let taken = 0;
  const dying = Object.assign(Object.create(engine), {
    accept(given: Parameters<typeof engine.accept>[0]) {
      taken += 1;
      return taken > 2 ? Promise.reject(new Error('killed')) : engine.accept(given);
    },
  });
  await openPolls({ engine: dying }).tick();
  expect(await events()).toHaveLength(2);
  expect((await poll()).cursor).toBeNull();
  const other = openPolls();
  await other.tick();
  expect(await events()).toHaveLength(2);
  clock.at += 301_000;
  await other.tick();
  expect(await events()).toEqual([1, 2, 3].map(page));
  expect(JSON.parse((await poll()).cursor)).toEqual({ from: '2026-01-01T00:00:00.000Z' });
});

it('makes so many events of a look and no more, and looks again at once for the rest', async () => {
  await deploy({ begin: 'all' });
  const polls = openPolls({ mostItems: 2 });
  await polls.tick();
  expect(await events()).toEqual([1, 2].map(page));
  clock.at += 1000;
  await polls.tick();
  expect(await events()).toEqual([1, 2, 3].map(page));
  clock.at += 1000;
  await polls.tick();
  expect(await actions()).toHaveLength(4);
});

it('refuses an item that is too large alone, visibly and once, and goes on', async () => {
  large = page(2);
  await deploy({ begin: 'all' });
  const polls = openPolls();
  for (const ahead of [0, 301_000, 301_000]) {
    clock.at += ahead;
    await polls.tick();
  }
  expect(await events()).toEqual([1, 3].map(page));
  const { rows } = await flows.house.pool.query(
    `select message_id, reason_code, run_id, bytes > 1048576 as large from trigger_event where status = 'refused'`,
  );
  expect(rows).toEqual([
    {
      message_id: page(2),
      reason_code: 'request.too_large',
      run_id: null,
      large: true,
    },
  ]);
  expect(new Set(await actions())).toEqual(new Set(['poll.asked', 'poll.answered']));
  expect(JSON.parse((await poll()).cursor)).toEqual({ from: '2026-01-01T00:00:00.000Z' });
});

it('moves nothing back when a process wakes up that had lost its turn', async () => {
  await deploy({ begin: 'all' });
  const { engine, pool } = flows.house;
  const late = Object.assign(Object.create(engine), {
    async accept(given: Parameters<typeof engine.accept>[0]) {
      await pool.query(`update poll set turn = turn + 1, cursor = '"of another"'`);
      return await engine.accept(given);
    },
  });
  await openPolls({ engine: late }).tick();
  expect((await poll()).cursor).toBe('"of another"');
});

it('waits while a kill switch is on, and looks as soon as it is released', async () => {
  const flow = await deploy({ begin: 'all' });
  await flows.house.pool.query(
    `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name)
     values ('kls_1', 'wsp_1', 'flow', $1, 'breach', 'mbr_1', 'ada')`,
    [flow],
  );
  const polls = openPolls();
  await polls.tick();
  expect(await actions()).toEqual([]);
  await flows.house.pool.query('update kill_switch set released_at = now()');
  clock.at += 1000;
  await polls.tick();
  expect(await events()).toHaveLength(3);
});

it('shows what failed and since when, tells the owner once, and is well again by itself', async () => {
  const flow = await deploy({ begin: 'all' });
  const polls = openPolls();
  isDown = true;
  for (let times = 1; times <= 4; times += 1) {
    await polls.tick();
    expect((await poll()).trouble).toMatchObject({
      code: 'connector.unavailable',
      times,
      since: Date.parse('2026-01-01T00:00:30.000Z'),
    });
    clock.at += 300_000;
  }
  const { rows } = await flows.house.pool.query('select kind, about, audience from notice_cause');
  expect(rows).toMatchObject([{ kind: 'poll.failed', about: { id: flow }, audience: { flow } }]);
  isDown = false;
  await polls.tick();
  expect((await poll()).trouble).toBeNull();
  expect(await events()).toHaveLength(3);
});

it('asks nothing that no grant covers, and tells at once', async () => {
  await deploy({ begin: 'all' });
  await flows.house.pool.query(`update environment set policy = '{"approval":true,"production":false}'`);
  await openPolls().tick();
  expect((await poll()).trouble).toMatchObject({ code: 'broker.no_grant', times: 1 });
  expect((await flows.house.pool.query('select kind from notice_cause')).rows).toEqual([{ kind: 'poll.failed' }]);
  expect(await events()).toEqual([]);
});

it('begins anew where its settings name another place, and goes on where only the interval changed', async () => {
  await deploy({ begin: 'all' });
  const polls = openPolls();
  await polls.tick();
  const change = async (config: object) => {
    await flows.house.pool.query(
      `insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by)
       select flow_id, version + 1, workspace_id, 'h' || version, jsonb_set(document::jsonb, '{steps,0,config}', $1)::json, manifest, created_by
       from flow_version order by version desc limit 1`,
      [{ database, begin: 'all', ...config }],
    );
    await flows.house.pool.query('update deployment set version = version + 1');
    flows.house.changes.publish('deployments', ['all']);
  };
  await change({ everyMinutes: 10 });
  await polls.tick();
  expect((await poll()).cursor).not.toBeNull();
  await change({ database: '00000000-0000-4000-9000-000000000002' });
  clock.at += 1000;
  await polls.tick();
  expect((await actions()).filter((action) => action === 'poll.asked')).toHaveLength(2);
  expect(await events()).toHaveLength(6);
});
