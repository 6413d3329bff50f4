import { booksHost } from '../stand-ins.js';
import type { DemoFlow, Drawing } from './demo-flow.js';

/** How the shop signs its own webhooks: an HMAC of the body in a header of its own. */
export const shopSignatureHeader = 'X-Shop-Signature';

const document: Drawing = {
  schema: 'sluice.flow/1',
  slots: { payments: { connector: 'stripe' }, books: { connector: 'http' }, mail: { connector: 'smtp' } },
  steps: [
    {
      id: 'asked',
      name: 'Refund agreed in the shop',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: 'hmac', header: shopSignatureHeader, algorithm: 'sha256', encoding: 'hex' },
    },
    {
      id: 'refund',
      name: 'Refund payment',
      kind: 'action',
      slot: 'payments',
      action: 'refunds.create',
      input: {
        charge: { $: 'trigger.body.charge' },
        amount: { $: 'trigger.body.amount' },
        reason: 'requested_by_customer',
        metadata: { order: { $: 'trigger.body.order' } },
      },
      retry: { attempts: 4, backoff: 'exponential', firstSeconds: 2 },
    },
    {
      id: 'entry',
      name: 'Write the ledger entry',
      kind: 'action',
      slot: 'books',
      action: 'request',
      input: {
        method: 'POST',
        url: `https://${booksHost}/orders`,
        body: {
          kind: 'refund',
          order: { $: 'trigger.body.order' },
          refund: { $: 'steps.refund.id' },
          amount: { $: 'steps.refund.amount / 100' },
          currency: { $: '$uppercase(steps.refund.currency)' },
        },
      },
      retry: { attempts: 4, backoff: 'exponential', firstSeconds: 2 },
    },
    { id: 'pause', name: 'Let the bank book it', kind: 'wait', seconds: 20 },
    {
      id: 'notice',
      name: 'Tell the customer',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: {
        to: { $: 'trigger.body.email' },
        subject: 'Your refund for order {{ trigger.body.order }}',
        text: "We paid back {{ $formatNumber(steps.refund.amount / 100, '0.00') }} EUR for order {{ trigger.body.order }}.\n\nYour shop",
      },
    },
  ],
  edges: [
    { from: 'asked', to: 'refund' },
    { from: 'refund', to: 'entry' },
    { from: 'entry', to: 'pause' },
    { from: 'pause', to: 'notice' },
  ],
  settings: { onFailure: { notify: ['owner'] } },
  layout: { asked: [0, 0], refund: [0, 80], entry: [0, 160], pause: [0, 240], notice: [0, 320] },
  notes: [
    {
      id: 'twice',
      text: 'Money goes out here. A repeat carries the same idempotency key, so Stripe pays once.',
      at: [280, 60],
      author: 'Lena Brandt',
    },
  ],
};

export const refundFlow: DemoFlow = {
  key: 'refund',
  name: 'Refund to ledger',
  reason: 'Refunds that support agreed to are paid and booked without retyping.',
  versions: [{ note: 'First version', document }],
};
