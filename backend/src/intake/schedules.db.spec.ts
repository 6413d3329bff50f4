import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { waitFor } from '../../test/wait-for.js';
import { Clock } from '../platform/clock.js';
import { Log } from '../platform/log.js';
import { Schedules } from './schedules.js';

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

async function deploy(pattern: string): Promise<void> {
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
        config: { pattern, timeZone: 'Europe/Berlin' },
      },
    ],
  );
  await flows.house.pool.query('update deployment set activated_at = $1', [new Date(clock.at - 60_000)]);
  flows.house.changes.publish('deployments', [to.deployment]);
}

const slots = async () => {
  const { rows } = await flows.house.pool.query(
    `select message_id from trigger_event where status = 'accepted' order by message_id`,
  );
  return rows.map((row) => row.message_id);
};

it('starts one run a slot, however many processes there are, and none before its time', async () => {
  await deploy('0 8 * * *');
  const { pool, engine, changes } = flows.house;
  // Beside the one that the house itself has and that ticks when it likes.
  const all = [1, 2, 3].map(() => new Schedules({ pool, engine, changes, clock, log: new Log('error') }));
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
  await deploy('0 8 * * *');
  await deploy('0 8 * * *');
  const { pool, engine, changes } = flows.house;
  let asked = 0;
  const broken = Object.assign(Object.create(engine), {
    accept(given: Parameters<typeof engine.accept>[0]) {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('full')) : engine.accept(given);
    },
  });
  const schedules = new Schedules({ pool, engine: broken, changes, clock, log: new Log('silent') });
  await schedules.tick();
  clock.at = Date.parse('2026-11-27T07:00:00.200Z');
  await schedules.tick();
  expect(asked).toBe(2);
  await schedules.tick();
  expect(asked).toBe(3);
  expect(await slots()).toHaveLength(2);
  await schedules.stop();
});

it('makes up for the last slot that was slept through, and for no other', async () => {
  await deploy('*/10 * * * *');
  await flows.house.pool.query('update deployment set activated_at = $1', [new Date(clock.at - 3_600_000)]);
  await flows.open({ clock });
  await waitFor(async () => ((await slots()).length > 0 ? true : undefined));
  expect(await slots()).toEqual(['2026-11-27T06:50:00.000Z']);
});
