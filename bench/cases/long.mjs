import { load } from '../load.mjs';

const length = 50;

const document = {
  steps: [
    {
      id: 'event',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: 'standard-webhooks', respond: 'result' },
    },
    ...Array.from({ length }, (_, at) => ({
      id: `s${at + 1}`,
      kind: 'transform',
      input: { n: { $: at === 0 ? 'trigger.body.n + 1' : `steps.s${at}.n + 1` } },
    })),
    { id: 'answer', kind: 'respond', body: { n: { $: `steps.s${length}.n` } } },
  ],
  edges: [
    { from: 'event', to: 's1' },
    ...Array.from({ length: length - 1 }, (_, at) => ({ from: `s${at + 1}`, to: `s${at + 2}` })),
    { from: `s${length}`, to: 'answer' },
  ],
};

/** A chain of 50 transforms, each recorded. */
export async function long(house, { seconds }) {
  const { url, key } = await house.aFlow('long', document);
  const { perSecond, p50Ms, p99Ms } = await load({
    url,
    key,
    send: house.send,
    body: () => '{"n":1}',
    connections: 16,
    seconds,
  });
  return { long: { perSecond: perSecond * length, p50Ms, p99Ms } };
}
