import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { post } from '../../test/seed.js';

let on: FlowHouse;
beforeAll(async () => {
  on = await openFlowHouse();
});
afterAll(() => on.close());

const read = (input: object, more: object = {}) => {
  return { id: 'read', kind: 'compute', connector: 'csv', computation: 'parse', input, ...more };
};
const told = (step: string, order: string) => {
  const url = `http://${on.sink.host}/${step}`;
  return post(step, on.sink.host, { input: { method: 'POST', url, body: { step, order: { $: order } } } });
};
const bodies = () => [...on.sink.calls.values()].flat().map(({ body }) => body);

it('computes at once, without a connection or a call, and goes on with what it gave', async () => {
  on.sink.calls.clear();
  const to = await on.deploy(
    [
      read({ text: { $: 'trigger.body.file' } }),
      {
        id: 'each',
        kind: 'forEach',
        items: { $: 'steps.read.rows' },
        steps: [
          {
            id: 'digest',
            kind: 'compute',
            connector: 'crypto',
            computation: 'hash',
            input: { text: { $: 'item.sku' } },
          },
        ],
        edges: [],
      },
      told('tell', '$join(steps.each.results.digest)'),
    ],
    ['hook>read', 'read>each', 'each>tell'],
  );
  const run = await on.start(to, { file: 'sku\nabc\n' });
  await on.reached(run);
  expect(bodies()).toEqual([
    { step: 'tell', order: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  ]);
  const log = await on.actions(run);
  expect(log.filter((line) => line.startsWith('step.intent'))).toEqual(['step.intent tell 1']);
});

it('fails with a sentence that says which line is wrong, by its error port where it has one', async () => {
  on.sink.calls.clear();
  const input = { text: { $: 'trigger.body.file' } };
  const failing = await on.deploy([read(input)], ['hook>read']);
  const { error } = await on.reached(await on.start(failing, { file: 'a,b\n1\n' }), 'failed');
  expect(error).toMatchObject({ code: 'computation.refused', message: expect.stringMatching(/^Line 2 has 1 values/) });

  const caught = await on.deploy(
    [read(input, { onError: 'port' }), told('tell', 'steps.read.error.message')],
    ['hook>read', 'read.error>tell'],
  );
  await on.reached(await on.start(caught, { file: 'a,b\n1\n' }));
  expect(bodies()).toEqual([{ step: 'tell', order: expect.stringMatching(/^Line 2 has 1 values/) }]);
});

it('refuses input of another form, and what is too large, without a word of the values', async () => {
  const input = { text: { $: 'trigger.body.file' } };
  const to = await on.deploy([read(input)], ['hook>read']);
  const wrong = await on.reached(await on.start(to, { file: { canary: 'canary-4f1d' } }), 'failed');
  expect(wrong.error?.code).toBe('step.input_invalid');
  expect(wrong.error?.message).not.toContain('canary-4f1d');
});
