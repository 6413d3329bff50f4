import { preciseNow } from '../sink.mjs';
import { trigger } from './trigger.mjs';

const document = (url) => ({
  slots: { sink: { connector: 'http' } },
  steps: [
    trigger('accepted'),
    {
      id: 'shape',
      kind: 'transform',
      input: {
        email: { $: '$lowercase(trigger.body.customer.email)' },
        total: { $: 'trigger.body.amount / 100' },
        note: 'Order {{ trigger.body.id }}',
      },
    },
    { id: 'big', kind: 'branch', cases: [{ port: 'large', when: { $: 'steps.shape.total >= 100' } }] },
    {
      id: 'post',
      kind: 'action',
      slot: 'sink',
      action: 'request',
      input: {
        method: 'POST',
        url,
        body: {
          at: { $: 'trigger.body.at' },
          email: { $: 'steps.shape.email' },
          total: { $: 'steps.shape.total' },
          note: { $: 'steps.shape.note' },
        },
      },
    },
  ],
  edges: [
    { from: 'event', to: 'shape' },
    { from: 'shape', to: 'big' },
    { from: 'big', port: 'large', to: 'post' },
  ],
});

/** Webhook, transform of three fields, branch, POST to the sink. */
export function orderFlow({ sink, aFlow }, { name, path = '/orders' }) {
  return aFlow(name, document(`http://${sink.host}${path}`), {
    sink: { allowedHosts: [sink.host], honoursIdempotencyKey: true },
  });
}

/** An event for it, of 420 bytes. */
export function order() {
  return JSON.stringify({
    id: 'A-40817',
    at: preciseNow(),
    amount: 12990,
    currency: 'EUR',
    customer: { name: 'Mara Lindqvist', email: 'Mara.Lindqvist@Example.com' },
    lines: [
      { sku: 'K-1', n: 2 },
      { sku: 'K-2', n: 1 },
    ],
    padding: 'x'.repeat(200),
  });
}
