import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { ada, bodiesOf, call, type Deployed, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';

let flows: FlowHouse;

beforeEach(async () => {
  flows = await openFlowHouse();
});
afterEach(() => flows.close());

describe('a trial', () => {
  const deploy = () =>
    flows.deploy(
      [
        { id: 'shape', kind: 'transform', input: { a: { $: 'trigger.body.a' } } },
        { id: 'wide', kind: 'filter', when: { $: 'steps.shape.a > 5' } },
        call('never', flows.sink.host, {}),
        call('first', flows.sink.host, {}),
        { id: 'asked', kind: 'approval', question: 'Go on?' },
        call('last', flows.sink.host, { saw: { $: 'steps.first.body.it' }, by: { $: 'steps.asked.by.name' } }),
      ],
      ['hook>shape', 'shape>wide', 'wide>never', 'shape>first', 'first>asked', 'asked.approved>last'],
    );
  const start = (to: Deployed, more: object = {}) =>
    flows.house.engine.startTrial({
      actor: ada,
      deployment: to.deployment,
      input: { a: 1 },
      event: null,
      standIns: {
        first: { status: 200, headers: {}, body: { it: '{{ 1 + 1 }}' } },
        asked: { by: { name: 'Ada' } },
        never: {},
      },
      ...more,
    });

  it('takes stand-ins as they are, calls nobody for them, and runs what is left', async () => {
    const { runId } = await start(await deploy());
    const run = await flows.reached(runId);
    expect(run.started_by).toBe('trial');
    expect(bodiesOf(flows.sink)).toEqual([{ step: 'last', saw: '{{ 1 + 1 }}', by: 'Ada' }]);
    const actions = await flows.actions(runId);
    expect(actions).toContain('step.reused first');
    expect(actions).not.toContain('step.intent first 1');
    expect(actions).toContain('step.intent last 1');
    // What stands behind a way that was not taken is passed over as any other step.
    expect(actions).not.toContain('step.reused never');
    expect(await chainProblems(flows.house.pool)).toEqual([]);

    const again = await flows.house.engine.retry({
      actor: ada,
      run: runId,
      from: 'start',
      version: 'same',
      repeat: ['last'],
    });
    await flows.reached(again.runId);
    expect(bodiesOf(flows.sink)).toHaveLength(2);
  });

  it('that fails tells nobody and begins nothing, tried again neither', async () => {
    const catcher = await flows.deploy([{ id: 'seen', kind: 'stop', outcome: 'succeeded' }], ['hook>seen'], {
      trigger: 'manual',
    });
    const to = await flows.deploy([{ id: 'no', kind: 'stop', outcome: 'failed' }], ['hook>no'], {
      settings: { onFailure: { notify: ['owner'], flow: catcher.flow } },
    });
    const { pool, engine } = flows.house;
    // As a draft that is tried is kept.
    const copy = 'select (jsonb_populate_record(v, $2)).* from flow_version v where flow_id = $1';
    await pool.query(`insert into flow_version ${copy}`, [to.flow, { version: -1 }]);
    await pool.query('update deployment set version = -1 where id = $1', [to.deployment]);
    const { runId } = await start(to, { standIns: {} });
    await flows.reached(runId, 'failed');
    const again = await engine.retry({ actor: ada, run: runId, from: 'start', version: 'same', repeat: [] });
    await flows.reached(again.runId, 'failed');
    expect((await flows.runs()).map(({ started_by: by }) => by)).toEqual(['trial', 'retry']);
    expect((await pool.query('select from notice_cause')).rows).toEqual([]);
  });

  it('keeps no stand-in in the clear', async () => {
    const { runId } = await start(await deploy(), { standIns: { first: { body: { it: 'a-name-of-somebody' } } } });
    await flows.reached(runId, 'waiting');
    const { pool } = flows.house;
    const entries = await pool.query('select body from audit_entry');
    const payloads = await pool.query('select sealed from payload');
    expect(payloads.rows.length).toBeGreaterThan(0);
    const text =
      entries.rows.map(({ body }) => body).join() + payloads.rows.map(({ sealed }) => sealed.toString('latin1')).join();
    expect(text).not.toContain('a-name-of-somebody');
  });

  it('takes no event of another flow or environment', async () => {
    const [mine, other] = [await deploy(), await deploy()];
    const run = await flows.start(other, { b: 2 });
    const { rows } = await flows.house.pool.query('select event_id from run where id = $1', [run]);
    await expect(start(mine, { event: rows[0].event_id })).rejects.toMatchObject({ code: 'event.unknown' });
  });
});
