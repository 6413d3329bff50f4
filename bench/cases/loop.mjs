import { trigger } from '../flows/trigger.mjs';
import { quantile } from '../load.mjs';

const items = 1000;

const document = {
  steps: [
    trigger('result'),
    {
      id: 'each',
      kind: 'forEach',
      items: { $: 'trigger.body.items' },
      steps: [{ id: 'shape', kind: 'transform', input: { double: { $: 'item.n * 2' } } }],
      edges: [],
    },
    { id: 'answer', kind: 'respond', body: { done: true } },
  ],
  edges: [
    { from: 'event', to: 'each' },
    { from: 'each', to: 'answer' },
  ],
};

/** One run after another, each with a transform for 1,000 items. */
export async function loop(house, { seconds }) {
  let target;
  try {
    target = await house.aFlow('loop', document);
  } catch (error) {
    if (!error.message.includes('flow.has_problems')) throw error;
    process.stderr.write(`loop is left out, this version runs no loops yet: ${error.message}\n`);
    return {};
  }
  const body = JSON.stringify({ items: Array.from({ length: items }, (_, n) => ({ n })) });
  const took = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
    const began = performance.now();
    const reply = await fetch(target.url, { method: 'POST', headers: target.headers(body), body });
    if (!reply.ok) throw new Error(`The answer was ${reply.status} ${await reply.text()}`);
    await reply.text();
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  return {
    loop: { secondsPerRun: quantile(took, 0.5) / 1000, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) },
  };
}
