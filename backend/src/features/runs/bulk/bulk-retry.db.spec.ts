import { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ada, call, type FlowHouse, openFlowHouse } from '../../../../test/flow-house.js';
import { Clock } from '../../../platform/clock.js';
import type { Actor } from '../../../platform/actor.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Log } from '../../../platform/log.js';
import { Problem } from '../../../platform/problem.js';
import { scopeSettings } from '../../../platform/workspace-scope.js';
import { MemberLookup } from '../../../platform/http/access.guard.js';
import { RunEntity } from '../run.entity.js';
import { RunsRepository } from '../runs.repository.js';
import { RunsService } from '../runs.service.js';
import { BulkRetryEntity } from './bulk-retry.entity.js';
import { BulkRetryRepository } from './bulk-retry.repository.js';
import { BulkRetryRounds } from './bulk-retry-rounds.js';
import { BulkRetryService } from './bulk-retry.service.js';

let flows: FlowHouse;
let source: DataSource;
let known: Actor | null;

class Members extends MemberLookup {
  async findActor(): Promise<Actor | null> {
    return known;
  }
  async findBearer(): Promise<null> {
    return null;
  }
}

beforeEach(async () => {
  flows = await openFlowHouse();
  known = ada;
  const { connectionString: url, options } = cellOptions(flows.house.cell);
  const entities = [RunEntity, BulkRetryEntity];
  source = await new DataSource({ type: 'postgres', url, extra: { options }, entities }).initialize();
});
afterEach(async () => {
  await source.destroy();
  await flows.close();
});

function aRepository(): BulkRetryRepository {
  return new BulkRetryRepository(source.getRepository(BulkRetryEntity), source.getRepository(RunEntity));
}

/** As another process would hold it; it retries through the real engine, or fails as `failing` says. */
function aService(failing: (run: string) => Error | null = () => null): BulkRetryService {
  const { engine, journal, changes } = flows.house;
  const runs: RunsService = Object.create(RunsService.prototype);
  runs.retry = async (actor, run, how) => {
    const error = failing(run);
    if (error !== null) throw error;
    await engine.retry({ actor, run, ...how });
    return Object.create(null);
  };
  return new BulkRetryService(
    source,
    aRepository(),
    runs,
    new Members(),
    flows.house.keyring,
    journal,
    changes,
    new Clock(),
    new Log('silent'),
  );
}

async function failRuns(count: number, more: { keyed?: boolean; hook?: object } = {}): Promise<string[]> {
  flows.sink.answer = () => ({ status: 400 });
  const to = await flows.deploy([call('first', flows.sink.host, {})], ['hook>first'], more);
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await flows.start(to, { n }));
  for (const id of ids) await flows.reached(id, 'failed');
  flows.sink.answer = () => ({ status: 200 });
  return ids;
}

const asked = { environment: 'dev', filter: { status: 'failed' }, from: 'failed', version: 'same' } as const;

it('tries each run that matches again, once, and says how far it is', async () => {
  const failed = await failRuns(25);
  const [one, other] = [aService(), aService()];
  expect(await one.start(ada, asked)).toMatchObject({ status: 'running', total: 25, retried: 0 });
  // Two processes at once, and rounds of twenty.
  while ((await Promise.all([one.carry(), other.carry()])).some(Boolean)) continue;
  const [done] = (await one.list(ada.workspace, { cursor: undefined, limit: 5 })).items;
  expect(done).toMatchObject({ status: 'done', total: 25, retried: 25, left: 0, by: { id: 'mbr_1' } });
  const retries = (await flows.runs()).filter(({ retry_of: of }) => of !== null);
  expect(retries).toHaveLength(25);
  expect(new Set(retries.map(({ retry_of: of }) => of))).toEqual(new Set(failed));
});

it('tries those of one business key, of which it keeps a hash', async () => {
  const failed = await failRuns(3, { hook: { key: 'order {{ trigger.body.n }}' } });
  const { filter, total } = await aService().start(ada, { ...asked, filter: { status: 'failed', key: 'order 1' } });
  expect(total).toBe(1);
  expect(JSON.stringify(filter)).not.toContain('order');
  while (await aService().carry()) continue;
  const of = (await flows.runs()).flatMap((run) => run.retry_of ?? []);
  expect(of).toEqual([failed[1]]);
});

it('goes on after its process died, and tries nothing twice that was begun', async () => {
  const failed = await failRuns(3);
  const service = aService();
  const { id } = await service.start(ada, asked);
  // As if it had died after the retry and before its count.
  await flows.house.engine.retry({ actor: ada, run: failed[2] ?? '', from: 'failed', version: 'same', repeat: [] });
  await flows.house.pool.query(`update bulk_retry set lease_until = now() - interval '1 second' where id = $1`, [id]);
  while (await aService().carry()) continue;
  expect((await flows.runs()).filter(({ retry_of: of }) => of !== null)).toHaveLength(3);
});

it('stops when it is cancelled, or when whoever asked has left', async () => {
  await failRuns(2);
  const service = aService();
  const { id } = await service.start(ada, asked);
  expect(await service.cancel(ada, id)).toMatchObject({ status: 'cancelled', retried: 0 });
  expect(await service.carry()).toBe(false);
  await service.start(ada, asked);
  known = null;
  while (await service.carry()) continue;
  const { items } = await service.list(ada.workspace, { cursor: undefined, limit: 5 });
  expect(items.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  expect((await flows.runs()).filter(({ retry_of: of }) => of !== null)).toHaveLength(0);
  const { rows } = await flows.house.pool.query(
    `select action from audit_entry where action like 'runs.retry%' order by at, id`,
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'runs.retry_started',
    'runs.retry_cancelled',
    'runs.retry_started',
    'runs.retry_ended',
  ]);
});

it('leaves to a person what would happen twice', async () => {
  const to = await flows.deploy(
    [call('first', flows.sink.host, {}), call('second', flows.sink.host, {})],
    ['hook>first', 'first>second'],
    { keyed: false },
  );
  flows.sink.answer = ({ body }) => ({ status: JSON.stringify(body).includes('second') ? 400 : 200 });
  const run = await flows.start(to, {});
  await flows.reached(run, 'failed');
  const service = aService();
  await service.start(ada, { ...asked, from: 'start' });
  while (await service.carry()) continue;
  expect((await service.list(ada.workspace, { cursor: undefined, limit: 1 })).items[0]).toMatchObject({
    status: 'done',
    retried: 0,
    left: 1,
  });
  expect(await flows.runs()).toHaveLength(1);
});

it('leaves out what was tried again before, which would happen twice, and trials', async () => {
  const [retried = '', trial = '', plain = ''] = await failRuns(3);
  const { runId } = await flows.house.engine.retry({
    actor: ada,
    run: retried,
    from: 'failed',
    version: 'same',
    repeat: [],
  });
  await flows.reached(runId);
  await flows.house.pool.query('update run set version = -1 where id = $1', [trial]);
  const service = aService();
  expect(await service.start(ada, asked)).toMatchObject({ total: 1 });
  while (await service.carry()) continue;
  expect((await service.list(ada.workspace, { cursor: undefined, limit: 1 })).items[0]).toMatchObject({
    status: 'done',
    retried: 1,
    left: 0,
  });
  const of = (await flows.runs()).flatMap((run) => run.retry_of ?? []);
  expect(of.toSorted()).toEqual([retried, plain].toSorted());
});

it('is not held up by a run that can’t be tried, and waits while none can', async () => {
  const [broken, ...rest] = await failRuns(3);
  const service = aService((run) => (run === broken ? new TypeError('no such key') : null));
  await service.start(ada, asked);
  const busy = aService(() => new Problem('server.busy'));
  expect(await busy.carry()).toBe(false);
  while (await service.carry()) continue;
  expect((await service.list(ada.workspace, { cursor: undefined, limit: 1 })).items[0]).toMatchObject({
    status: 'done',
    retried: 2,
    left: 1,
  });
  const of = (await flows.runs()).flatMap((run) => run.retry_of ?? []);
  expect(of.toSorted()).toEqual(rest.toSorted());
});

it('is carried by nobody whose lease another has by now', async () => {
  const [run = ''] = await failRuns(1);
  const { id } = await aService().start(ada, asked);
  const retries = aRepository();
  const slow = await retries.take();
  expect(await retries.take()).toBeNull();
  await flows.house.pool.query(`update bulk_retry set lease_until = now() - interval '1 second'`);
  const other = await retries.take();
  const at = { id: run, startedAt: new Date() };
  await retries.release(id, slow?.lease ?? '');
  expect(await retries.take()).toBeNull();
  expect(await retries.advance(id, at, { did: 'retried', lease: slow?.lease ?? '' })).toBeNull();
  const end = async (lease = '') => await source.transaction((tx) => retries.end(tx, id, { status: 'done', lease }));
  expect(await end(slow?.lease)).toBe(false);
  const kept = await retries.advance(id, at, { did: 'retried', lease: other?.lease ?? '' });
  expect(await end(kept ?? '')).toBe(true);
});

it('takes turns: of two retries, and of two workspaces where one has trouble', async () => {
  await failRuns(25);
  const service = aService();
  for (let n = 0; n < 2; n += 1) await service.start(ada, asked);
  for (let n = 0; n < 2; n += 1) await service.carry();
  const { items } = await service.list(ada.workspace, { cursor: undefined, limit: 2 });
  expect(items.map(({ retried }) => retried)).toEqual([20, 20]);

  await flows.house.pool.query(`
    insert into workspace (id, name) values ('wsp_0', 'Before');
    insert into bulk_retry select (jsonb_populate_record(b, '{"id": "brt_0", "workspace_id": "wsp_0"}')).* from bulk_retry b limit 1`);
  const turns: string[] = [];
  const rounds = new BulkRetryRounds(
    flows.house.pool,
    Object.assign(Object.create(BulkRetryService.prototype), {
      carry: async () => {
        const { workspace } = scopeSettings();
        turns.push(workspace);
        if (workspace === 'wsp_0') throw new Error('trouble');
        return turns.length < 5;
      },
    }),
    new Log('silent'),
  );
  rounds.tick();
  await expect.poll(() => turns.length).toBe(6);
  await rounds.onApplicationShutdown();
  expect(turns).toEqual(['wsp_0', 'wsp_1', 'wsp_0', 'wsp_1', 'wsp_0', 'wsp_1']);
});

it('finds runs by error and connector, and reads no table from end to end for any filter', async () => {
  await failRuns(1);
  const runs = new RunsRepository(source.getRepository(RunEntity));
  const page = { after: null, limit: 10, now: Date.now() };
  const find = async (filter: object) => (await runs.list('wsp_1', filter, page)).rows.length;
  expect(await find({ error: 'first' })).toBe(1);
  expect(await find({ error: 'second' })).toBe(0);
  expect(await find({ connector: 'http' })).toBe(1);
  expect(await find({ connector: 'stripe' })).toBe(0);
  const { pool } = flows.house;
  // So few rows are read faster from end to end: only which other way there is is asked.
  const client = await pool.connect();
  await client.query('set enable_seqscan = off');
  /** The indexes that it reads, by the name that they bear over all days. */
  const indexesOf = async (query: string) => {
    const { rows: plan } = await client.query(`explain ${query}`);
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).not.toContain('Seq Scan');
    const names = [...text.matchAll(/(?:using|Bitmap Index Scan on) (\w+)/g)].map(([, name]) => name);
    const { rows } = await client.query<{ name: string }>(
      `select distinct root.relname as name from pg_class part join pg_class root on root.oid = pg_partition_root(part.oid)
       where part.relname = any($1)`,
      [names],
    );
    return rows.map(({ name }) => name);
  };
  try {
    for (const [where, index] of [
      ['', 'run_by_workspace'],
      [`and status = 'failed'`, 'run_unwell'],
      [`and flow_id = 'flw_1'`, 'run_by_flow'],
      [`and key = 'k'`, 'run_by_key'],
      [`and (started_at, id) < (now(), 'run_x')`, 'run_by_workspace'],
      [`and environment = 'dev' and status = 'failed' and started_at <= now()`, 'run_unwell'],
    ]) {
      const query = `select * from run where workspace_id = 'wsp_1' ${where} order by started_at desc, id desc limit 50`;
      expect({ where, indexes: await indexesOf(query) }).toEqual({ where, indexes: [index] });
    }
    expect(await indexesOf(`select from run where retry_of = 'run_x' and started_at < now()`)).toEqual([
      'run_by_retry',
    ]);
  } finally {
    client.release(true);
  }
});
