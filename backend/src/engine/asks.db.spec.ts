import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { ada, bodiesOf, call, type Deployed, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { waitFor } from '../../test/wait-for.js';

let flows: FlowHouse;

beforeEach(async () => {
  flows = await openFlowHouse();
});
afterEach(() => flows.close());

const sent = () => bodiesOf(flows.sink);
const decide = (run: string, decision: 'approved' | 'refused', more: object = {}) =>
  flows.house.engine.decide({ actor: ada, run, step: 'ask', decision, note: 'seen', ...more });

describe('an approval', () => {
  const ask = { id: 'ask', kind: 'approval', question: 'Pay {{ trigger.body.order }}?' };
  const deploy = (more: object = {}) =>
    flows.deploy(
      [
        { ...ask, ...more },
        call('pay', flows.sink.host, { by: { $: 'steps.ask.by.name' }, note: { $: 'steps.ask.note' } }),
        call('tell', flows.sink.host, { by: { $: 'steps.ask.by' } }),
      ],
      ['hook>ask', 'ask.approved>pay', 'ask.refused>tell'],
    );

  it('parks the run until a person decides, and goes on by what was decided', async () => {
    const run = await flows.start(await deploy(), { order: 'A-1' });
    expect(await flows.reached(run, 'waiting')).toMatchObject({ owner: null });
    await decide(run, 'approved');
    await flows.reached(run);
    expect(sent()).toEqual([{ step: 'pay', by: 'Ada', note: 'seen' }]);
    const actions = await flows.actions(run);
    expect(actions).toEqual(expect.arrayContaining(['step.waiting ask', 'step.decided ask', 'step.succeeded ask']));
    expect(await chainProblems(flows.house.pool)).toEqual([]);
  });

  it('is decided once, by who may, while it waits', async () => {
    const run = await flows.start(await deploy({ deciders: ['approver'] }), {});
    await flows.reached(run, 'waiting');
    await expect(decide(run, 'approved')).rejects.toMatchObject({ code: 'run.not_decider' });
    await expect(decide(run, 'approved', { step: 'pay' })).rejects.toMatchObject({ code: 'run.not_asking' });
    const other = { ...ada, workspace: 'wsp_2', roles: ['approver'] };
    await expect(decide(run, 'approved', { actor: other })).rejects.toMatchObject({ code: 'run.not_asking' });
    const both = await Promise.allSettled(
      (['refused', 'approved'] as const).map((one) => decide(run, one, { actor: { ...ada, roles: ['approver'] } })),
    );
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await flows.reached(run);
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['refuse', 'succeeded', [{ step: 'tell' }]],
    ['approve', 'succeeded', [{ step: 'pay' }]],
    ['fail', 'failed', []],
  ])('stands as its default says when nobody decides: %s', async (onTimeout, status, calls) => {
    const run = await flows.start(await deploy({ timeoutSeconds: 1, onTimeout }), {});
    await flows.reached(run, status);
    expect(sent()).toMatchObject(calls);
    await expect(decide(run, 'approved')).rejects.toMatchObject({ code: 'run.not_asking' });
  });

  it('asks in each pass of a loop for itself', async () => {
    const loop = {
      id: 'each',
      kind: 'forEach',
      items: { $: 'trigger.body.all' },
      concurrency: 5,
      steps: [{ ...ask, question: 'Pay {{ item }}?' }],
      edges: [],
      collect: { $: 'steps.ask.decision' },
    };
    const to = await flows.deploy(
      [loop, call('end', flows.sink.host, { all: { $: 'steps.each.results' } })],
      ['hook>each', 'each>end'],
    );
    const run = await flows.start(to, { all: ['a', 'b', 'c'] });
    await flows.reached(run, 'waiting');
    for (const [i, decision] of (['approved', 'refused', 'approved'] as const).entries())
      await decide(run, decision, { step: `ask[${i}]` });
    await flows.reached(run);
    expect(sent()).toEqual([{ step: 'end', all: ['approved', 'refused', 'approved'] }]);
  });
});

describe('a callback', () => {
  const steps = () => [
    call('order', flows.sink.host, { url: { $: 'callbacks.answer' } }),
    { id: 'answer', kind: 'callback' },
    call('done', flows.sink.host, { got: { $: 'steps.answer.body.state' } }),
  ];
  const edges = ['hook>order', 'order>answer', 'answer>done'];

  async function answer(url: string, body: object): Promise<number> {
    const reply = await fetch(url.replace('https://sluice.example.com', flows.house.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return reply.status;
  }
  const urlIn = (body: unknown): string => JSON.parse(JSON.stringify(body)).url;

  it('is answered once at the address that the run gave away', async () => {
    const run = await flows.start(await flows.deploy(steps(), edges), {});
    await flows.reached(run, 'waiting');
    const url = urlIn(sent()[0]);
    const all = await Promise.all(Array.from({ length: 10 }, () => answer(url, { state: 'paid' })));
    expect(all.filter((status) => status === 200)).toHaveLength(1);
    expect(all.filter((status) => status === 410)).toHaveLength(9);
    await flows.reached(run);
    expect(sent()[1]).toEqual({ step: 'done', got: 'paid' });
  });

  it('may be answered before the run has come to it', async () => {
    flows.sink.answer = ({ body }) => {
      if (JSON.stringify(body).includes('callbacks/')) void answer(urlIn(body), { state: 'early' });
      return { status: 200, afterMs: 150 };
    };
    const run = await flows.start(await flows.deploy(steps(), edges), {});
    await flows.reached(run);
    expect(sent()[1]).toEqual({ step: 'done', got: 'early' });
  });

  it('is answered at no other address, and leaves one line in the log for each try', async () => {
    const run = await flows.start(await flows.deploy(steps(), edges), {});
    await flows.reached(run, 'waiting');
    const url = urlIn(sent()[0]);
    const [head, mac] = [url.slice(0, url.lastIndexOf('.')), url.slice(url.lastIndexOf('.') + 1)];
    const wrong = [`${head}.${'A'.repeat(43)}`, `${head}.${mac.slice(1)}`, `${url}x`, url.replace('run_', 'run_0')];
    expect(await Promise.all(wrong.map((one) => answer(one, {})))).toEqual([404, 404, 404, 404]);
    const { rows } = await flows.house.pool.query(
      `select count(*)::int as n from audit_entry where action = 'request.refused'`,
    );
    expect(rows[0].n).toBe(4);
    expect(await flows.reached(run, 'waiting')).toBeDefined();
  });

  it('gives up when nobody answers in time', async () => {
    const [order, , done] = steps();
    const wait = { id: 'answer', kind: 'callback', timeoutSeconds: 1, onError: 'port' };
    const to = await flows.deploy(
      [order, wait, done, call('late', flows.sink.host, {})].filter((s) => s !== undefined),
      [...edges, 'answer.error>late'],
    );
    await flows.reached(await flows.start(to, {}));
    expect(sent().at(-1)).toEqual({ step: 'late' });
  });
});

describe('a subflow', () => {
  const child = (steps: object[], edges: string[]) => flows.deploy(steps, edges, { trigger: 'manual' });
  const parent = ({ flow }: Deployed, more: object = {}) =>
    flows.deploy(
      [
        { id: 'sub', kind: 'subflow', flow, input: { n: { $: 'trigger.body.n' } }, ...more },
        call('end', flows.sink.host, { got: { $: 'steps.sub.body' } }),
      ],
      ['hook>sub', 'sub>end'],
    );
  const double = [
    { id: 'work', kind: 'transform', input: { n: { $: 'trigger.body.n * 2' } } },
    { id: 'answer', kind: 'respond', body: { $: 'steps.work.n' } },
  ];

  it('runs another flow as a run of its own, and goes on with what it answers', async () => {
    const to = await parent(await child(double, ['hook>work', 'work>answer']));
    const run = await flows.start(to, { n: 21 });
    await flows.reached(run);
    expect(sent()).toEqual([{ step: 'end', got: 42 }]);
    expect(await flows.runs()).toEqual([
      expect.objectContaining({ id: run, parent_run: null }),
      expect.objectContaining({ parent_run: run, started_by: 'subflow', status: 'succeeded' }),
    ]);
  });

  it('fails with it, is cancelled with it, and does not wait where it need not', async () => {
    const broken = await child([{ id: 'no', kind: 'stop', outcome: 'failed', message: 'Not today' }], ['hook>no']);
    const failed = await flows.reached(await flows.start(await parent(broken), { n: 1 }), 'failed');
    expect(failed.error).toMatchObject({ code: 'subflow.failed', message: expect.stringContaining('Not today') });

    const slow = await child([{ id: 'rest', kind: 'wait', seconds: 600 }], ['hook>rest']);
    const run = await flows.start(await parent(slow), { n: 1 });
    await flows.reached(run, 'waiting');
    const childOf = async (id: string) => (await flows.runs()).find(({ parent_run }) => parent_run === id);
    const begun = await waitFor(() => childOf(run));
    await flows.reached(begun.id, 'waiting');
    await flows.house.engine.cancel({ actor: ada, run });
    await flows.reached(run, 'cancelled');
    await flows.reached(begun.id, 'cancelled');

    const quick = await flows.start(await parent(slow, { wait: false }), { n: 1 });
    await flows.reached(quick);
    expect(await childOf(quick)).toBeDefined();
  });

  it('says what is wrong with a flow that is not there, starts otherwise, or calls itself for ever', async () => {
    const error = async (to: Deployed, body: object = {}) =>
      (await flows.reached(await flows.start(to, body), 'failed')).error?.code;
    expect(await error(await flows.deploy([{ id: 'sub', kind: 'subflow', flow: 'flw_no' }], ['hook>sub']))).toBe(
      'subflow.not_deployed',
    );
    const hooked = await flows.deploy([], []);
    expect(await error(await parent(hooked))).toBe('subflow.wrong_trigger');
    const loop = await child([{ id: 'sub', kind: 'subflow', flow: 'flw_x' }], ['hook>sub']);
    await flows.house.pool.query(
      `update flow_version set document = jsonb_set(document::jsonb, '{steps,1,flow}', to_jsonb(flow_id))::json where flow_id = $1`,
      [loop.flow],
    );
    const first = await flows.start(await parent(loop), {});
    expect((await flows.reached(first, 'failed')).error?.code).toBe('subflow.failed');
    expect((await flows.runs()).filter(({ error: why }) => why?.code === 'subflow.too_deep')).toHaveLength(1);
  });
});

it('begins the error flow of a run that failed, with what failed, and no other behind it', async () => {
  const catcher = await flows.deploy(
    [
      call('alarm', flows.sink.host, { run: { $: 'trigger.body.run' }, why: { $: 'trigger.body.error.code' } }),
      { id: 'no', kind: 'stop', outcome: 'failed' },
    ],
    ['hook>alarm', 'alarm>no'],
    { trigger: 'manual' },
  );
  const stop = { id: 'bad', kind: 'stop', outcome: 'failed', message: 'Broken' };
  const settings = { onFailure: { notify: [], flow: catcher.flow } };
  const run = await flows.start(await flows.deploy([stop], ['hook>bad'], { settings }), {});
  await flows.reached(run, 'failed');
  await waitFor(async () => (sent().length > 0 ? true : undefined));
  expect(sent()).toEqual([{ step: 'alarm', run, why: 'flow.stopped' }]);
  const begun = await waitFor(async () => (await flows.runs()).find(({ started_by }) => started_by === 'error'));
  await flows.reached(begun.id, 'failed');
  expect(await flows.runs()).toHaveLength(2);
});
