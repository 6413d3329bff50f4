import { trigger } from '../flows/trigger.mjs';
import { load } from '../load.mjs';
import { startMeter } from '../meter.mjs';

const step = (id, from) => ({
  id,
  kind: 'transform',
  input: { n: { $: `${from} + 1` }, text: `{{ ${from} }} and one` },
});

const document = {
  steps: [
    trigger('result'),
    step('one', 'trigger.body.n'),
    step('two', 'steps.one.n'),
    step('three', 'steps.two.n'),
    { id: 'answer', kind: 'respond', body: { n: { $: 'steps.three.n' } } },
  ],
  edges: [
    { from: 'event', to: 'one' },
    { from: 'one', to: 'two' },
    { from: 'two', to: 'three' },
    { from: 'three', to: 'answer' },
  ],
};

/** Answers with the result of a run, durable before it is sent. */
export async function sync(house, { seconds }) {
  const target = await house.aFlow('sync', document);
  const results = {};
  for (const connections of [1, 16, 64]) {
    const meter = await startMeter(house);
    const { perSecond, p50Ms, p99Ms, count } = await load({ target, body: () => '{"n":1}', connections, seconds });
    results[`sync at ${connections}`] = { perSecond, p50Ms, p99Ms, ...(await meter.perRun(count)) };
  }
  return results;
}
