import { schedulesApi } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { DeploymentsService } from '../deployments/deployments.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { KillSwitchesService } from '../kill-switches/kill-switches.service.js';
import { SchedulesModule } from './schedules.module.js';
import { SchedulesService } from './schedules.service.js';

let house: OpenFeatures;
let lena: Actor;
let stranger: Actor;
let flow: string;

beforeAll(async () => {
  house = await openFeatures({ more: [SchedulesModule] });
  ({ lena } = await house.aWorkspace({ lena: ['owner'] }));
  ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
  const config = { pattern: '30 2 * * *', timeZone: 'Europe/Berlin', missed: 'all' };
  const document: Json = {
    schema: 'sluice.flow/1',
    steps: [
      { id: 'nightly', kind: 'trigger', connector: 'schedule', trigger: 'due', config },
      { id: 'line', kind: 'transform', input: { at: { $: 'trigger.body.slot' } } },
    ],
    edges: [{ from: 'nightly', to: 'line' }],
  };
  flow = (await house.get(FlowsService).create(lena, { name: 'Nightly stock', document })).id;
  await house.get(VersionsService).publish(lena, flow, null);
  await house.get(DeploymentsService).deploy(lena, flow, { environment: 'dev', version: 1, bindings: {} });
});
afterAll(() => house.close());

async function list(actor = lena) {
  const items = await house.get(SchedulesService).list(actor.workspace);
  return schedulesApi.list.reply.parse({ items, next: null }).items;
}

it('lists what is deployed with its next ten times, and nothing of another workspace', async () => {
  const [schedule, ...others] = await list();
  expect(others).toEqual([]);
  expect(schedule).toMatchObject({
    id: `${flow}:dev:nightly`,
    flow: { id: flow, name: 'Nightly stock' },
    environment: 'dev',
    version: 1,
    pattern: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    missed: 'all',
    mostMissed: 10,
    last: null,
    lateSince: null,
    stopped: null,
  });
  expect(schedule?.next).toHaveLength(10);
  const hours = schedule?.next.map((time) => new Date(time).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' }));
  // Once a year the clocks leave it out, and it comes when they go on.
  expect(hours?.filter((time) => time === '02:30:00' || time === '03:00:00')).toHaveLength(10);
  expect(await list(stranger)).toEqual([]);
});

it('says which time was missed, and which run was the last', async () => {
  const now = house.clock.now();
  const [due] = (await list())[0]?.next ?? [];
  const day = 86_400_000;
  await house.pool.query('update deployment set activated_at = $2 where flow_id = $1', [flow, new Date(now - 3 * day)]);
  const late = (await list())[0]?.lateSince ?? '';
  expect([Date.parse(late) > now - 2 * day, Date.parse(late) < now, late.slice(14)]).toEqual([
    true,
    true,
    due?.slice(14),
  ]);
  await house.pool.query(`insert into schedule_mark values ($1, $2, $3, 'dev', $4, $4, $4, 'run_gone')`, [
    `${flow}:dev:nightly`,
    lena.workspace,
    flow,
    late,
  ]);
  expect((await list())[0]).toMatchObject({
    lateSince: null,
    last: { at: late, run: { id: 'run_gone', status: null } },
  });
});

it('says who holds it back, and then no time to come', async () => {
  await house.get(KillSwitchesService).set(lena, { target: { kind: 'flow', id: flow }, reason: 'Wrong figures' });
  house.clock.ahead += 2000;
  expect((await list())[0]).toMatchObject({ next: [], stopped: expect.stringContaining('“Wrong figures”') });
});

it('previews a pattern while it is written, and says what is wrong with half of one', () => {
  const preview = (of: { pattern: string; timeZone: string }) =>
    schedulesApi.preview.reply.parse(house.get(SchedulesService).preview(of));
  const { times, problem } = preview({ pattern: '0 7 * * 1-5', timeZone: 'Asia/Tokyo' });
  expect([times.length, problem, new Set(times.map((time) => time.slice(11, 16)))]).toEqual([
    10,
    null,
    new Set(['22:00']),
  ]);
  expect(preview({ pattern: '0 7 *', timeZone: 'UTC' })).toEqual({
    times: [],
    problem: expect.stringContaining('five fields'),
  });
});
