import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { ada, bodiesOf, call, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { send } from '../../test/send.js';
import { waitFor } from '../../test/wait-for.js';

let flows: FlowHouse;

beforeEach(async () => {
  flows = await openFlowHouse();
});
afterEach(() => flows.close());

const lines = (steps: object[], more: object = {}, edges: object[] = []) => ({
  id: 'lines',
  kind: 'forEach',
  items: { $: 'trigger.body.lines' },
  steps,
  edges,
  ...more,
});
const answer = { id: 'answer', kind: 'respond', body: { $: 'steps.lines' } };
const respond = { config: { respond: 'result' } };

describe('forEach', () => {
  it('runs its steps for each item, so many at a time, and gives the results in the order of the items', async () => {
    let under = 0;
    let most = 0;
    flows.sink.answer = ({ body }) => {
      under += 1;
      most = Math.max(most, under);
      const n = Number(JSON.parse(JSON.stringify(body)).n);
      setTimeout(() => (under -= 1), 30 - n);
      return { status: 200, afterMs: 30 - n };
    };
    const post = call('post', flows.sink.host, { n: { $: 'item.n' } });
    const mark = { id: 'mark', kind: 'transform', input: { n: { $: 'item.n' }, at: { $: 'index' } } };
    const loop = lines([post, mark], { concurrency: 4 }, [{ from: 'post', to: 'mark' }]);
    const to = await flows.deploy([loop, answer], ['hook>lines', 'lines>answer'], respond);
    const body = { lines: Array.from({ length: 20 }, (_, n) => ({ n })) };
    const { body: reply } = await send(to, body);
    expect(reply).toEqual({ count: 20, results: body.lines.map(({ n }) => ({ n, at: n })), failed: [] });
    expect(most).toBe(4);
    expect(flows.sink.calls.size).toBe(20);
  });

  it('lists items that fail, with why, and goes on with the others', async () => {
    const check = { id: 'check', kind: 'transform', input: { n: { $: '10 / item' } } };
    const loop = lines([check], { onItemError: 'continue', concurrency: 3 });
    const to = await flows.deploy([loop, answer], ['hook>lines', 'lines>answer'], respond);
    const { body } = await send(to, { lines: [1, 'x', 5] });
    expect(body).toEqual({
      count: 3,
      results: [{ n: 10 }, null, { n: 2 }],
      failed: [expect.objectContaining({ index: 1, code: 'T2002' })],
    });
  });

  it('fails where its values would fill the disk of all, counted over waits too, and keeps what it kept till then', async () => {
    const loop = (id: string) => {
      const copy = { id: `${id}Copy`, kind: 'transform', input: { text: { $: 'trigger.body.text' } } };
      const less = { id: `${id}Less`, kind: 'transform', input: {} };
      const edges = [{ from: copy.id, to: less.id }];
      return { id, kind: 'forEach', items: { $: 'trigger.body.lines' }, steps: [copy, less], edges };
    };
    const pause = { id: 'pause', kind: 'wait', seconds: 1 };
    const to = await flows.deploy(
      [loop('first'), pause, loop('second')],
      ['hook>first', 'first>pause', 'pause>second'],
    );
    const run = await flows.start(to, { lines: Array.from({ length: 50 }, (_, n) => n), text: 'x'.repeat(900_000) });
    await flows.reached(run, 'failed');
    const { rows } = await flows.house.pool.query(
      `select r.error, count(*)::int as rows from run r join payload p on p.run_id = r.id where r.id = $1 group by r.error`,
      [run],
    );
    expect(rows[0].error).toMatchObject({ code: 'run.too_large', step: null });
    // A turn stores what it has once that is some 4 MiB.
    expect(rows[0].rows).toBeGreaterThan(12);
    expect(rows[0].rows).toBeLessThan(20);
  });

  it('fails with the first item that fails, begins no other, and lets those under way end', async () => {
    flows.sink.answer = ({ body }) => {
      const { n } = JSON.parse(JSON.stringify(body));
      return n === 1 ? { status: 400 } : { status: 200, afterMs: 80 };
    };
    const loop = lines([call('post', flows.sink.host, { n: { $: 'item' } })], { concurrency: 2 });
    const to = await flows.deploy([loop], ['hook>lines']);
    const run = await flows.reached(await flows.start(to, { lines: [0, 1, 2, 3] }), 'failed');
    expect(run.error).toMatchObject({ step: 'lines', code: 'connector.rejected' });
    expect(bodiesOf(flows.sink)).toHaveLength(2);
    const actions = await flows.actions(run.id);
    expect(actions).toContain('step.outcome post 0 1');
    expect(actions.filter((action) => action.startsWith('step.intent'))).toHaveLength(2);
  });

  it('nests, sees the outer item only through what is mapped, and takes the error port', async () => {
    const inner = { id: 'inner', kind: 'forEach', items: { $: 'item.parts' }, steps: [], edges: [] };
    const deep = { id: 'deep', kind: 'transform', input: { all: { $: 'steps.outer.sku & ":" & item & ":" & index' } } };
    const outer = { id: 'outer', kind: 'transform', input: { sku: { $: 'item.sku' } } };
    const nested = { ...inner, steps: [deep], collect: { $: 'steps.deep.all' } };
    const loop = lines([outer, nested], { collect: { $: 'steps.inner.results' } }, [{ from: 'outer', to: 'inner' }]);
    const to = await flows.deploy([loop, answer], ['hook>lines', 'lines>answer'], respond);
    const { body } = await send(to, {
      lines: [
        { sku: 'a', parts: ['x', 'y'] },
        { sku: 'b', parts: ['z'] },
      ],
    });
    expect(body).toMatchObject({ results: [['a:x:0', 'a:y:1'], ['b:z:0']] });
  });

  it('runs over nothing, and refuses a list that is too long', async () => {
    const loop = lines([{ id: 'line', kind: 'transform', input: {} }], { onError: 'port' });
    const told = { id: 'told', kind: 'respond', body: { $: 'steps.lines.error.code' } };
    const to = await flows.deploy([loop, answer, told], ['hook>lines', 'lines>answer', 'lines.error>told'], respond);
    expect((await send(to, { lines: [] })).body).toEqual({ count: 0, results: [], failed: [] });
    expect((await send(to, { lines: Array.from({ length: 10_001 }, () => 1) })).body).toBe('loop.too_many_items');
  });

  it('writes a thousand passes that only compute as one entry, and lets other runs have their turn', async () => {
    const loop = lines([{ id: 'line', kind: 'transform', input: { n: { $: 'item' } } }]);
    const to = await flows.deploy([loop], ['hook>lines']);
    const long = await flows.start(to, { lines: Array.from({ length: 10_000 }, (_, i) => i) });
    await flows.reached(long);
    const actions = await flows.actions(long);
    expect(actions.filter((action) => action === 'step.succeeded line').length).toBeLessThan(5);
    expect(await chainProblems(flows.house.pool)).toEqual([]);
  });

  it('goes on after its process died: no pass is lost, none is done twice', async () => {
    flows.sink.answer = () => ({ status: 200, afterMs: 40 });
    const first = await flows.open({ leaseSeconds: 1.5 });
    const wait = { id: 'rest', kind: 'wait', seconds: 0.2 };
    const loop = lines([call('post', flows.sink.host, { n: { $: 'item' } }), wait], { concurrency: 3 }, [
      { from: 'post', to: 'rest' },
    ]);
    const to = await flows.deploy([loop], ['hook>lines']);
    const run = await flows.start({ ...to, url: first.url }, { lines: Array.from({ length: 12 }, (_, i) => i) });
    await flows.sink.reached(5);
    // As if its machine had lost the network: it says nothing any more, and what it writes is refused.
    await flows.house.pool.query(
      "update process set seen_at = seen_at - interval '1 hour' where id = (select owner from run where id = $1)",
      [run],
    );
    await flows.reached(run);
    const sent = [...flows.sink.calls.values()].map((calls) => JSON.parse(JSON.stringify(calls[0]?.body)).n);
    expect(sent.sort((one, other) => one - other)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(await chainProblems(flows.house.pool)).toEqual([]);
  });

  it('is cancelled in the middle: calls under way end, nothing else begins', async () => {
    flows.sink.answer = () => ({ status: 200, afterMs: 60 });
    const loop = lines([call('post', flows.sink.host, { n: { $: 'item' } })], { concurrency: 2 });
    const to = await flows.deploy([loop], ['hook>lines']);
    const run = await flows.start(to, { lines: Array.from({ length: 50 }, (_, i) => i) });
    await flows.sink.reached(2);
    await flows.house.engine.cancel({ actor: ada, run });
    await flows.reached(run, 'cancelled');
    expect(flows.sink.calls.size).toBeLessThan(6);
  });
});

describe('repeat', () => {
  const repeat = (more: object) => ({
    id: 'again',
    kind: 'repeat',
    until: { $: 'steps.step.n >= 3' },
    steps: [{ id: 'step', kind: 'transform', input: { n: { $: '(previous.n ? previous.n : 0) + 1' } } }],
    edges: [],
    ...more,
  });
  const told = { id: 'told', kind: 'respond', body: { $: 'steps.again' } };

  it('goes on until its condition holds, each pass seeing what the one before gave', async () => {
    const to = await flows.deploy([repeat({}), told], ['hook>again', 'again>told'], respond);
    expect((await send(to, {})).body).toEqual({ count: 3, last: { n: 3 } });
  });

  it('fails when it may not go on, and gives all results where they are collected', async () => {
    const to = await flows.deploy([repeat({ maxPasses: 2 })], ['hook>again']);
    const run = await flows.reached(await flows.start(to, {}), 'failed');
    expect(run.error?.code).toBe('repeat.too_many_passes');
    const collecting = await flows.deploy(
      [repeat({ collect: { $: 'steps.step.n * 10' }, until: { $: 'index = 1' } }), told],
      ['hook>again', 'again>told'],
      respond,
    );
    expect((await send(collecting, {})).body).toMatchObject({ count: 2, results: [10, 10] });
  });

  it('waits between passes, parked and taken up again', async () => {
    const poll = repeat({
      steps: [call('ask', flows.sink.host, { n: { $: 'index' } }), { id: 'rest', kind: 'wait', seconds: 0.3 }],
      edges: [{ from: 'ask', to: 'rest' }],
      until: { $: 'index >= 2' },
    });
    const to = await flows.deploy([poll], ['hook>again']);
    const run = await flows.start(to, {});
    await waitFor(async () => ((await flows.actions(run)).includes('run.resumed') ? true : undefined));
    await flows.reached(run);
    expect(bodiesOf(flows.sink)).toEqual([0, 1, 2].map((n) => ({ step: 'ask', n })));
  });
});
