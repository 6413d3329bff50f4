import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, call, type Deployed, type FlowHouse, openFlowHouse } from '../../../../test/flow-house.js';
import type { Actor } from '../../../platform/actor.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Clock } from '../../../platform/clock.js';
import { BulkRetryEntity } from '../bulk/bulk-retry.entity.js';
import { BulkRetryRepository } from '../bulk/bulk-retry.repository.js';
import { RunEntity } from '../run.entity.js';
import { matching, type RunFilter } from '../matching.js';
import { RunsRepository } from '../runs.repository.js';
import { RunsService } from '../runs.service.js';
import { toSummary } from '../summary.js';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { DeadLettersService } from './dead-letters.service.js';

let flows: FlowHouse;
let source: DataSource;
let runs: RunsRepository;
let letters: DeadLettersService;

beforeEach(async () => {
  flows = await openFlowHouse();
  const { connectionString: url, options } = cellOptions(flows.house.cell);
  const entities = [RunEntity, BulkRetryEntity];
  source = await new DataSource({ type: 'postgres', url, extra: { options }, entities }).initialize();
  runs = new RunsRepository(source.getRepository(RunEntity));
  const service: RunsService = Object.create(RunsService.prototype);
  service.summary = summaryOf;
  const { keyring, journal, changes } = flows.house;
  const repository = new DeadLettersRepository(source.getRepository(RunEntity));
  letters = new DeadLettersService(source, repository, service, keyring, journal, changes, new Clock());
});
afterEach(async () => {
  await source.destroy();
  await flows.close();
});

async function summaryOf(workspace: string, id: string) {
  const run = await runs.find(workspace, id);
  if (run === null) throw new Error(`no run ${id}`);
  return toSummary(run, { flows: new Map(), ...(await runs.people([run])) });
}

async function open(filter: RunFilter = {}): Promise<string[]> {
  const page = { after: null, limit: 50, now: Date.now() };
  const { rows: found } = await runs.list('wsp_1', { letter: 'open', ...filter }, page);
  const told = await Promise.all(found.map(({ id }) => summaryOf('wsp_1', id)));
  expect(told.every(({ letter }) => letter === 'open')).toBe(true);
  return found.map(({ id }) => id);
}

async function failing(): Promise<Deployed> {
  return await flows.deploy([call('first', flows.sink.host, {})], ['hook>first']);
}

async function fail(count: number, to?: Deployed): Promise<string[]> {
  flows.sink.answer = () => ({ status: 400 });
  const deployed = to ?? (await failing());
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await flows.start(deployed, { n }));
  for (const id of ids) await flows.reached(id, 'failed');
  return ids;
}

async function retry(run: string, from: 'failed' | 'start' = 'failed'): Promise<string> {
  return (await flows.house.engine.retry({ actor: ada, run, from, version: 'same', repeat: [] })).runId;
}

const reason = 'Sent by hand';
const nothing = { open: 0, mine: 0, isMore: false };

describe('a dead letter', () => {
  it('is a run that failed, until a retry stands for it: then that one, if it fails or is cancelled', async () => {
    const [run = ''] = await fail(1);
    expect(await open()).toEqual([run]);
    const again = await retry(run);
    await flows.reached(again, 'failed');
    expect(await open()).toEqual([again]);
    flows.sink.answer = () => ({ status: 200, afterMs: 3000 });
    const stopped = await retry(again);
    expect(await open()).toEqual([]);
    await flows.house.engine.cancel({ actor: ada, run: stopped });
    await flows.reached(stopped, 'cancelled');
    expect(await open()).toEqual([stopped]);
    flows.sink.answer = () => ({ status: 200 });
    // Its call may have ended well before it was cancelled.
    await flows.reached(await retry(stopped, 'start'));
    expect(await open()).toEqual([]);
    expect(await letters.counts(ada)).toEqual(nothing);
  });

  it('is none any more once its delivery was replayed and that ended well', async () => {
    const [run = '', other = ''] = await fail(2);
    const { rows } = await flows.house.pool.query('select event_id as event from run where id = $1', [run]);
    const replay = async () => (await flows.house.engine.replayEvent({ actor: ada, eventId: rows[0].event })).runId;
    const again = await retry(run);
    await flows.reached(again, 'failed');
    const failed = await replay();
    await flows.reached(failed, 'failed');
    expect(await open()).toEqual([failed, again, other]);
    flows.sink.answer = () => ({ status: 200 });
    await flows.reached(await replay());
    expect(await open()).toEqual([other]);
  });

  it('is no trial, no run that was cancelled, and none that another waits for, which fails in its place', async () => {
    const [trial = ''] = await fail(1);
    await flows.house.pool.query('update run set version = -1 where id = $1', [trial]);
    const stop = { id: 'no', kind: 'stop', outcome: 'failed', message: 'Not today' };
    const child = await flows.deploy([stop], ['hook>no'], { trigger: 'manual' });
    const parent = await flows.deploy([{ id: 'sub', kind: 'subflow', flow: child.flow, input: {} }], ['hook>sub']);
    const above = await flows.start(parent, {});
    await flows.reached(above, 'failed');
    const waiting = await flows.deploy([{ id: 'rest', kind: 'wait', seconds: 600 }], ['hook>rest']);
    const cancelled = await flows.start(waiting, {});
    await flows.reached(cancelled, 'waiting');
    await flows.house.engine.cancel({ actor: ada, run: cancelled });
    await flows.reached(cancelled, 'cancelled');
    expect(await open()).toEqual([above]);
    expect(await summaryOf('wsp_1', above)).toMatchObject({ owner: { id: 'mbr_1' } });
  });

  it('is closed with a reason, which the log keeps, and opened again', async () => {
    const [run = '', other = ''] = await fail(2);
    expect(await letters.changeOne(ada, run, reason)).toMatchObject({
      letter: 'closed',
      closed: { by: { id: 'mbr_1' }, reason },
    });
    expect(await open()).toEqual([other]);
    const closed = await runs.list('wsp_1', { letter: 'closed' }, { after: null, limit: 5, now: Date.now() });
    expect(closed.rows.map(({ id }) => id)).toEqual([run]);
    expect(await letters.counts(ada)).toEqual({ open: 1, mine: 1, isMore: false });
    await expect(letters.changeOne(ada, run, reason)).rejects.toMatchObject({ code: 'run.no_dead_letter' });
    expect(await letters.changeOne(ada, run, null)).toMatchObject({ letter: 'open', closed: null });
    await expect(letters.changeOne(ada, run, null)).rejects.toMatchObject({ code: 'run.not_closed' });
    const { rows } = await flows.house.pool.query(
      `select body from audit_entry where subject = $1 and action in ('run.closed', 'run.reopened') order by at, id`,
      [run],
    );
    expect(rows.map(({ body }) => JSON.parse(body))).toMatchObject([
      { action: 'run.closed', actor: { id: 'mbr_1' }, environment: 'dev', detail: { reason } },
      { action: 'run.reopened', actor: { id: 'mbr_1' } },
    ]);
  });

  it('is closed with all others that match, and no bulk retry touches it', async () => {
    const to = await failing();
    const [first = ''] = await fail(3, to);
    await fail(1);
    const all = { environment: 'dev', filter: { flow: to.flow, error: 'first' }, reason };
    expect(await letters.changeAll(ada, { ...all, filter: { error: 'nowhere' } })).toEqual({
      changed: 0,
      isMore: false,
    });
    expect(await letters.changeAll(ada, { ...all, filter: { owner: 'mbr_2' } })).toEqual({ changed: 0, isMore: false });
    expect(await letters.changeAll(ada, all)).toEqual({ changed: 3, isMore: false });
    const retries = new BulkRetryRepository(source.getRepository(BulkRetryEntity), source.getRepository(RunEntity));
    const asked = { workspaceId: 'wsp_1', environment: 'dev', startedAt: new Date() };
    for (const filter of [{ status: 'failed' }, { letter: 'open' }] as const)
      expect(await retries.count({ ...asked, filter })).toBe(1);
    await letters.changeOne(ada, first, null);
    for (const filter of [{ status: 'failed' }, { letter: 'open' }, { letter: 'open', owner: 'mbr_1' }] as const)
      expect(await retries.count({ ...asked, filter })).toBe(2);
    expect(await letters.changeAll(ada, { ...all, reason: null })).toEqual({ changed: 2, isMore: false });
    expect(await open()).toHaveLength(4);
  });

  it('is closed by nobody who could not try it again', async () => {
    const [run = ''] = await fail(1);
    const builder: Actor = { ...ada, roles: ['builder'], environmentRoles: { production: ['operator'] } };
    const denied = { code: 'access.denied' };
    await expect(letters.changeOne(builder, run, reason)).rejects.toMatchObject(denied);
    await expect(letters.changeAll(builder, { environment: 'dev', filter: {}, reason })).rejects.toMatchObject(denied);
    expect(await open()).toEqual([run]);
  });
});

it('the list and the count of dead letters read an index that holds no other run', async () => {
  const { pool } = flows.house;
  // A tenth of 50,000 failed, and all but 20 of these were dealt with.
  await pool.query(`
    insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key,
      started_at, ended_at, keep_days, tried_again, closed_at)
    select day_id('run', current_date) || lpad(to_hex(n), 24, '0'), 'wsp_1', 'flw_1', 1, 'dev', 'dep_1', 'manual',
      case when n % 10 = 0 then 'failed' else 'succeeded' end, 'k', now(), now(), 90, n % 20 = 0,
      case when n % 20 = 10 and n > 400 then now() end
    from generate_series(1, 50000) n`);
  await pool.query('analyze run');
  expect(await open()).toHaveLength(20);
  expect(await letters.counts(ada)).toMatchObject({ open: 20 });
  const [sql, values] = matching(source.getRepository(RunEntity), 'wsp_1', { letter: 'open' })
    .orderBy('run.startedAt', 'DESC')
    .limit(50)
    .getQueryAndParameters();
  const { rows } = await pool.query(`explain (analyze, timing off, costs off) ${sql}`, values);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index Scan/);
  expect(plan).not.toMatch(/Seq Scan|Rows Removed/);
});
