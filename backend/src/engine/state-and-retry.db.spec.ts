import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { ada, bodiesOf, call, type Deployed, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { send } from '../../test/send.js';

let flows: FlowHouse;

beforeEach(async () => {
  flows = await openFlowHouse({
    code: {
      run: async ({ input }) => ({ ok: true, json: JSON.stringify({ seen: input }), logs: ['looked at it'] }),
    },
  });
});
afterEach(() => flows.close());

const respond = { config: { respond: 'result' } };
const told = { id: 'told', kind: 'respond', body: { $: 'steps.it' } };

describe('a state step', () => {
  const deploy = (step: object) =>
    flows.deploy(
      [{ id: 'it', kind: 'state', key: 'k {{ trigger.body.who }}', ...step }, told],
      ['hook>it', 'it>told'],
      respond,
    );
  const ask = async (to: Deployed, body: object = {}) => (await send(to, body)).body;

  it('counts exactly, however many runs count at once', async () => {
    const to = await deploy({ operation: 'increment' });
    const all = await Promise.all(Array.from({ length: 30 }, () => ask(to, { who: 'a' })));
    const values = all.map((one) => Number(JSON.parse(JSON.stringify(one)).value));
    expect(values.sort((one, other) => one - other)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(await ask(to, { who: 'b' })).toEqual({ value: 1 });
  });

  it('remembers once, forgets when it is told to, and belongs to its flow', async () => {
    const to = await deploy({ operation: 'remember', value: { $: 'trigger.body.v' }, keepSeconds: 1 });
    expect(await ask(to, { v: 1 })).toEqual({ first: true, value: 1 });
    expect(await ask(to, { v: 2 })).toEqual({ first: false, value: 1 });
    await flows.house.pool.query(`update flow_state set expires_at = now()`);
    expect(await ask(to, { v: 3 })).toEqual({ first: true, value: 3 });
    expect(await ask(await deploy({ operation: 'get' }))).toEqual({ found: false, value: null });
  });

  it('keeps no value and no key in the clear, and sets what it is given', async () => {
    const to = await deploy({ operation: 'set', value: { $: 'trigger.body.v' } });
    expect(await ask(to, { who: 'ada@example.com', v: 'secret-value' })).toEqual({
      value: 'secret-value',
      before: null,
    });
    const { rows } = await flows.house.pool.query('select to_jsonb(s)::text as text, value from flow_state s');
    expect(rows).toHaveLength(1);
    expect(rows[0].text + rows[0].value.toString('latin1')).not.toMatch(/ada@|secret-value/);
  });
});

describe('a code step', () => {
  const deploy = () =>
    flows.deploy(
      [{ id: 'it', kind: 'code', source: 'return input', input: { n: { $: 'trigger.body.n' } } }, told],
      ['hook>it', 'it>told'],
      respond,
    );
  it('runs only where an admin allows it', async () => {
    const to = await deploy();
    const { body } = await send(to, { n: 1 });
    expect(body).toMatchObject({ code: 'run.failed' });
    expect((await flows.runs())[0]?.error).toMatchObject({ code: 'code.not_allowed', step: 'it' });
    await flows.house.pool.query(`update environment set policy = policy || '{"code": true}'`);
    expect((await send(await deploy(), { n: 2 })).body).toEqual({ seen: { n: 2 } });
  });
});

describe('a retry', () => {
  const steps = () => [
    call('first', flows.sink.host, { order: { $: 'trigger.body.order' } }),
    call('second', flows.sink.host, {}),
  ];
  const edges = ['hook>first', 'first>second'];
  const fail = (name: string) => {
    flows.sink.answer = ({ body }) => ({ status: JSON.stringify(body).includes(name) ? 400 : 200 });
  };
  const retry = (run: string, more: object = {}) =>
    flows.house.engine.retry({ actor: ada, run, from: 'failed', version: 'same', repeat: [], ...more });
  const counts = () =>
    bodiesOf(flows.sink).reduce<Record<string, number>>((all, body) => {
      const { step } = JSON.parse(JSON.stringify(body));
      return { ...all, [step]: (all[step] ?? 0) + 1 };
    }, {});

  it('goes on where the run failed, with what went well taken over', async () => {
    fail('second');
    const run = await flows.start(await flows.deploy(steps(), edges), { order: 7 });
    await flows.reached(run, 'failed');
    flows.sink.answer = () => ({ status: 200 });
    const { runId } = await retry(run);
    expect(await flows.reached(runId)).toMatchObject({ retry_of: run, started_by: 'retry' });
    expect(counts()).toEqual({ first: 1, second: 2 });
    // The same keys: what the first try may have done is done once.
    expect(flows.sink.calls.size).toBe(2);
    expect(await flows.actions(runId)).toContain('step.reused first');
    expect(await chainProblems(flows.house.pool)).toEqual([]);
    await expect(retry(runId)).rejects.toMatchObject({ code: 'run.nothing_failed' });
  });

  it('says which steps did something, and repeats nothing that would happen twice unless a person agrees', async () => {
    const to = await flows.deploy(steps(), edges, { keyed: false });
    const run = await flows.start(to, { order: 7 });
    await flows.reached(run);
    const asked = { actor: ada, run, from: 'start', version: 'same' } as const;
    expect((await flows.house.engine.planRetry(asked)).steps).toMatchObject([
      { id: 'first', plan: 'repeats', done: 'yes', effect: 'unsafe' },
      { id: 'second', plan: 'repeats', done: 'yes', effect: 'unsafe' },
    ]);
    await expect(retry(run, { from: 'start', repeat: ['first'] })).rejects.toMatchObject({
      code: 'run.retry_repeats',
      issues: [{ step: 'second' }],
    });
    expect(await flows.runs()).toHaveLength(1);
    const { runId } = await retry(run, { from: 'start', repeat: ['first', 'second'] });
    await flows.reached(runId);
    expect(counts()).toEqual({ first: 2, second: 2 });
  });

  it('takes keyed steps again under their old key, so that the service drops them', async () => {
    const run = await flows.start(await flows.deploy(steps(), edges), { order: 7 });
    await flows.reached(run);
    const { runId } = await retry(run, { from: 'start' });
    await flows.reached(runId);
    expect([...flows.sink.calls.values()].map((calls) => calls.length)).toEqual([2, 2]);
    const again = await retry(runId, { from: 'start' });
    await flows.reached(again.runId);
    expect(flows.sink.calls.size).toBe(2);
  });

  it('goes on with a loop at the items that are missing', async () => {
    const loop = (host: string) => ({
      id: 'each',
      kind: 'forEach',
      items: { $: 'trigger.body.all' },
      steps: [call('item', host, { n: { $: 'item' } }), { id: 'mark', kind: 'transform', input: { n: { $: 'item' } } }],
      edges: [{ from: 'item', to: 'mark' }],
    });
    const end = call('end', flows.sink.host, { all: { $: 'steps.each.results' } });
    flows.sink.answer = ({ body }) => ({ status: JSON.parse(JSON.stringify(body)).n === 2 ? 400 : 200 });
    const to = await flows.deploy([loop(flows.sink.host), end], ['hook>each', 'each>end']);
    const run = await flows.start(to, { all: [0, 1, 2, 3] });
    await flows.reached(run, 'failed');
    flows.sink.answer = () => ({ status: 200 });
    const { runId } = await retry(run);
    await flows.reached(runId);
    expect(counts()).toEqual({ item: 5, end: 1 });
    expect(bodiesOf(flows.sink).at(-1)).toEqual({ step: 'end', all: [0, 1, 2, 3].map((n) => ({ n })) });
  });

  it('lets nothing pass a filter that let nothing pass', async () => {
    const shut = { id: 'shut', kind: 'filter', when: false };
    const after = call('after', flows.sink.host, {});
    fail('first');
    const to = await flows.deploy(
      [shut, after, call('first', flows.sink.host, {})],
      ['hook>shut', 'shut>after', 'hook>first'],
    );
    const run = await flows.start(to, {});
    await flows.reached(run, 'failed');
    flows.sink.answer = () => ({ status: 200 });
    const { runId } = await retry(run);
    await flows.reached(runId);
    expect(counts()).toEqual({ first: 2 });
  });

  it('is refused for a run that has not ended, and for one of another workspace', async () => {
    const run = await flows.start(await flows.deploy([{ id: 'rest', kind: 'wait', seconds: 600 }], ['hook>rest']), {});
    await flows.reached(run, 'waiting');
    await expect(retry(run)).rejects.toMatchObject({ code: 'run.still_running' });
    await expect(retry(run, { actor: { ...ada, workspace: 'wsp_2' } })).rejects.toMatchObject({ code: 'run.unknown' });
  });
});
