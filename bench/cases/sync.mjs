import { load } from '../load.mjs';

const step = (id, from) => ({
  id,
  kind: 'transform',
  input: { n: { $: `${from} + 1` }, text: `{{ ${from} }} and one` },
});

const document = {
  steps: [
    {
      id: 'event',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: 'standard-webhooks', respond: 'result' },
    },
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
  const { url, key } = await house.aFlow('sync', document);
  const results = {};
  for (const connections of [1, 16, 64]) {
    const { perSecond, p50Ms, p99Ms } = await load({
      url,
      key,
      send: house.send,
      body: () => '{"n":1}',
      connections,
      seconds,
    });
    results[`sync at ${connections}`] = { perSecond, p50Ms, p99Ms };
  }
  return results;
}
