import { trigger } from './trigger.mjs';

export const length = 50;

const document = {
  steps: [
    trigger('result'),
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

/** Webhook, 50 chained transforms, answer. */
export function chainFlow({ aFlow }, { name }) {
  return aFlow(name, document);
}
