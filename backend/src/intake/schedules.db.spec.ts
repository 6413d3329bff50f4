import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { waitFor } from '../../test/wait-for.js';
import { Clock } from '../platform/clock.js';
import { Log } from '../platform/log.js';
import { ScheduleWatch } from './schedule-watch.js';
import { PgScheduleStore } from './schedule-store.js';
import { Schedules, type SchedulesOptions } from './schedules.js';

/** A clock that stands at a time until it is put forward. */
class SetClock extends Clock {
  at = Date.parse('2026-11-27T06:59:00.000Z');
  override now(): number {
    return this.at;
  }
}

let flows: FlowHouse;
let clock: SetClock;

beforeEach(async () => {
  clock = new SetClock();
  flows = await openFlowHouse({ clock });
});
afterEach(() => flows.close());

async function deploy(pattern: string, config: object = {}, { ago = 60_000 } = {}): Promise<string> {
  const to = await flows.deploy(
    [{ id: 'line', kind: 'transform', input: { at: { $: 'trigger.body.slot' } } }],
    ['hook>line'],
  );
  await flows.house.pool.query(
    `update flow_version set document = jsonb_set(document::jsonb, '{steps,0}', $2)::json where flow_id = $1`,
    [
      to.flow,
      {
        id: 'hook',
        kind: 'trigger',
        connector: 'schedule',
        trigger: 'due',
        config: { pattern, timeZone: 'Europe/Berlin', ...config },
      },
    ],
  );
  await flows.house.pool.query('update deployment set activated_at = $1', [new Date(clock.at - ago)]);
  flows.house.changes.publish('deployments', [to.deployment]);
  return to.flow;
}

/** What fires schedules in one process. */
function aProcess(other: Partial<SchedulesOptions> = {}): Schedules {
  const { pool, journal, engine, stops, changes } = flows.house;
  const store = new PgScheduleStore({ pool, journal });
  return new Schedules({ store, engine, stops, changes, clock, log: new Log('error'), ...other });
}

const slots = async () => {
  const { rows } = await flows.house.pool.query(
    `select message_id from trigger_event where status = 'accepted' order by message_id`,
  );
  return rows.map((row) => row.message_id);
};

/** What owners are told, and the log with them. */
const told = async () => {
  const { rows } = await flows.house.pool.query(
    `select c.detail, c.audience ->> 'flow' = c.about ->> 'id' as owner, c.about ->> 'environment' as environment
     from notice_cause c where c.kind = 'schedule.missed' order by c.id`,
  );
  const { rows: entries } = await flows.house.pool.query(
    `select body::jsonb -> 'detail' as detail from audit_entry where action = 'schedule.missed' order by at, id`,
  );
  expect(entries.map(({ detail }) => detail)).toEqual(rows.map(({ detail }) => detail));
  return rows;
};
const missed = (slots: number, last: string) => ({
  owner: true,
  environment: 'dev',
  detail: { slots, last: `2026-11-27T${last}:00.000Z` },
});

it('starts one run a slot, however many processes there are, and none before its time', async () => {
  await deploy('0 8 * * *');
  // Beside the one that the house itself has and that ticks when it likes.
  const all = [1, 2, 3].map(() => aProcess());
  const tick = () => Promise.all(all.map((schedules) => schedules.tick()));
  await tick();
  expect(await slots()).toEqual([]);
  clock.at = Date.parse('2026-11-27T07:00:00.200Z');
  await tick();
  clock.at = Date.parse('2026-11-28T07:00:05.000Z');
  await tick();
  await tick();
  expect(await slots()).toEqual(['2026-11-27T07:00:00.000Z', '2026-11-28T07:00:00.000Z']);
  expect((await flows.runs()).map(({ started_by }) => started_by)).toEqual(['schedule', 'schedule']);
  for (const schedules of all) await schedules.stop();
});

it('fires the others when one of them can not begin its run', async () => {
  // Without a ticker of its own, which would begin the run instead.
  await flows.close();
  flows = await openFlowHouse({ clock, carries: false });
  await deploy('0 8 * * *');
  await deploy('0 8 * * *');
  const { engine } = flows.house;
  let asked = 0;
  const broken = Object.assign(Object.create(engine), {
    accept(given: Parameters<typeof engine.accept>[0]) {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('full')) : engine.accept(given);
    },
  });
  const schedules = aProcess({ engine: broken, log: new Log('silent') });
  await schedules.tick();
  clock.at = Date.parse('2026-11-27T07:00:00.200Z');
  await schedules.tick();
  expect(asked).toBe(2);
  await schedules.tick();
  expect(asked).toBe(3);
  expect(await slots()).toHaveLength(2);
  await schedules.stop();
});

it('fires nothing that a kill switch stopped, and the last slot once it is released', async () => {
  const flow = await deploy('*/10 * * * *');
  const { pool } = flows.house;
  const schedules = aProcess();
  await schedules.tick();
  await pool.query(
    `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name)
     values ('kls_1', 'wsp_1', 'flow', $1, 'breach', 'mbr_1', 'ada')`,
    [flow],
  );
  for (const at of ['07:00', '07:10']) {
    clock.at = Date.parse(`2026-11-27T${at}:00.200Z`);
    await schedules.tick();
  }
  expect(await slots()).toEqual([]);
  await pool.query('update kill_switch set released_at = now()');
  clock.at += 1000;
  await schedules.tick();
  expect(await slots()).toEqual(['2026-11-27T07:10:00.000Z']);
  expect(await told()).toEqual([missed(1, '07:00')]);
  await schedules.stop();
});

it('fires nothing before the clock of the database has come to it, so that one that is ahead settles nothing for the others', async () => {
  clock.at = Date.now();
  const flow = await deploy('* * * * *', {}, { ago: 90_000 });
  const { pool } = flows.house;
  const schedules = aProcess();
  clock.at += 3_600_000;
  await schedules.tick();
  const [slot = ''] = await slots();
  expect(Date.parse(slot)).toBeLessThanOrEqual(Date.now());
  const { rows } = await pool.query('select decided_to from schedule_mark where flow_id = $1', [flow]);
  expect(rows).toEqual([{ decided_to: new Date(slot) }]);
  await schedules.stop();
});

it('makes up for the last slot that was slept through, and for no other', async () => {
  await deploy('*/10 * * * *');
  await flows.house.pool.query('update deployment set activated_at = $1', [new Date(clock.at - 3_600_000)]);
  await flows.open({ clock });
  await waitFor(async () => ((await slots()).length > 0 ? true : undefined));
  expect(await slots()).toEqual(['2026-11-27T06:50:00.000Z']);
});

it.each([
  ['once', ['06:50'], missed(5, '06:40')],
  ['skip', [], missed(6, '06:50')],
  ['all', ['06:40', '06:50'], missed(4, '06:30')],
])('after a downtime, %s: starts a run for %j and tells of the others, once', async (choice, fired, ofOthers) => {
  await deploy('*/10 * * * *', { missed: choice, mostMissed: 2 }, { ago: 3_600_000 });
  const { pool } = flows.house;
  const all = [1, 2].map(() => aProcess());
  await Promise.all(all.map((schedules) => schedules.tick()));
  const expected = fired.map((time) => `2026-11-27T${time}:00.000Z`);
  expect(await slots()).toEqual(expected);
  expect(await told()).toEqual([ofOthers]);
  const { rows } = await pool.query(
    `select last_slot, (select started_by from run where id = last_run) as by from schedule_mark`,
  );
  const last = expected.at(-1);
  expect(rows).toEqual([
    last === undefined ? { last_slot: null, by: null } : { last_slot: new Date(last), by: 'schedule' },
  ]);
  // Once it runs again every choice is the same.
  clock.at = Date.parse('2026-11-27T07:00:00.200Z');
  for (const schedules of all) await schedules.tick();
  expect(await slots()).toEqual([...expected, '2026-11-27T07:00:00.000Z']);
  expect(await told()).toHaveLength(1);
  for (const schedules of all) await schedules.stop();
});

it('takes nothing for missed by a clock that is ahead', async () => {
  await flows.close();
  flows = await openFlowHouse({ clock, carries: false });
  clock.at = Date.now();
  await deploy('* * * * *', {}, { ago: 0 });
  const { pool, journal, stops } = flows.house;
  const watch = new ScheduleWatch({
    store: new PgScheduleStore({ pool, journal }),
    stops,
    clock,
    log: new Log('error'),
  });
  clock.at += 3_600_000;
  await watch.look();
  expect(await told()).toEqual([]);
});

it('tells the owner, and the log, once when a flow was due and no process is there that starts it', async () => {
  await flows.close();
  flows = await openFlowHouse({ clock, carries: false });
  const flow = await deploy('*/10 * * * *');
  const { pool, journal, stops } = flows.house;
  const watches = [1, 2].map(
    () => new ScheduleWatch({ store: new PgScheduleStore({ pool, journal }), stops, clock, log: new Log('error') }),
  );
  const look = async (time: string) => {
    clock.at = Date.parse(`2026-11-27T${time}Z`);
    await Promise.all(watches.map((watch) => watch.look()));
  };
  await look('07:01:59');
  expect(await told()).toEqual([]);
  await look('07:02:00');
  await look('07:05:00');
  expect(await told()).toEqual([missed(1, '07:00')]);

  const setStop = `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name)
    values ('kls_1', 'wsp_1', 'flow', $1, 'breach', 'mbr_1', 'ada')`;
  await pool.query(setStop, [flow]);
  clock.at += 1000;
  await look('07:15:00');
  expect(await told()).toHaveLength(1);

  await pool.query('update kill_switch set released_at = now()');
  const schedules = aProcess();
  clock.at = Date.parse('2026-11-27T07:22:00Z');
  await schedules.tick();
  await look('07:29:59');
  expect(await slots()).toEqual(['2026-11-27T07:20:00.000Z']);
  // Of 7:00 it was told, so now of 7:10 alone.
  expect(await told()).toEqual([missed(1, '07:00'), missed(1, '07:10')]);
  await schedules.stop();
});
