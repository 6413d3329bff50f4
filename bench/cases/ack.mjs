import { load, quantile, settled } from '../load.mjs';
import { rssMb } from '../rss.mjs';

const document = (host) => ({
  slots: { sink: { connector: 'http' } },
  steps: [
    {
      id: 'event',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: 'standard-webhooks', respond: 'accepted' },
    },
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
        url: `http://${host}/orders`,
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

/** Accepted events to finished runs, counted at the sink. */
export async function ack(house, { seconds }) {
  const { sink, send } = house;
  const { url, key } = await house.aFlow('ack', document(sink.host), {
    sink: { allowedHosts: [sink.host], honoursIdempotencyKey: true },
  });
  const body = () =>
    JSON.stringify({
      id: 'A-40817',
      at: Date.now(),
      amount: 12990,
      currency: 'EUR',
      customer: { name: 'Mara Lindqvist', email: 'Mara.Lindqvist@Example.com' },
      lines: [
        { sku: 'K-1', n: 2 },
        { sku: 'K-2', n: 1 },
      ],
      padding: 'x'.repeat(200),
    });
  await load({ url, key, send, body, connections: 16, seconds: 2 });
  await settled(sink.count);
  const before = await sink.count();
  const began = performance.now();
  const full = await load({ url, key, send, body, connections: 256, seconds });
  const after = await settled(sink.count);
  // The last second of `settled` only shows that nothing came any more.
  const took = (performance.now() - began) / 1000 - 1;
  // The sender hangs up on what is under way at the end: those events are accepted too, only not counted by it.
  if (after - before < full.count)
    throw new Error(`${full.count} events were accepted, ${after - before} runs reached the sink`);
  await sink.takeAges();
  await load({ url, key, send, body, connections: 4, seconds, perSecond: 50 });
  await settled(sink.count);
  const ages = await sink.takeAges();
  return {
    ack: {
      perSecond: (after - before) / took,
      acceptedPerSecond: full.perSecond,
      p50Ms: full.p50Ms,
      p99Ms: full.p99Ms,
      rssMb: rssMb(house.child),
    },
    'ack at 50/s': { perSecond: 50, toSinkP50Ms: quantile(ages, 0.5), toSinkP99Ms: quantile(ages, 0.99) },
  };
}
