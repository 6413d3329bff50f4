import type { DemoFlow, Drawing } from './demo-flow.js';

const document: Drawing = {
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
  steps: [
    { id: 'paid', name: 'Payment received', kind: 'trigger', connector: 'stripe', trigger: 'payment-received' },
    {
      id: 'clean',
      name: 'Map payment fields',
      kind: 'transform',
      input: {
        email: { $: '$lowercase(trigger.body.data.object.receipt_email)' },
        name: { $: 'trigger.body.data.object.shipping.name' },
        total: { $: 'trigger.body.data.object.amount_received / 100' },
        order: { $: 'trigger.body.data.object.metadata.order' },
      },
    },
    {
      id: 'big',
      name: '100 EUR or more?',
      kind: 'branch',
      cases: [{ port: 'yes', when: { $: 'steps.clean.total >= 100' } }],
    },
    {
      id: 'contact',
      name: 'Upsert contact',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: {
        email: { $: 'steps.clean.email' },
        firstname: { $: "$substringBefore(steps.clean.name, ' ')" },
        lastname: { $: "$substringAfter(steps.clean.name, ' ')" },
        lifecyclestage: 'customer',
        properties: { last_order: { $: 'steps.clean.order' } },
      },
      retry: { attempts: 5, backoff: 'exponential', firstSeconds: 2 },
      onError: 'port',
    },
    {
      id: 'tellSales',
      name: 'Tell sales',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: {
        to: 'sales@shop.example',
        subject: 'Contact of order {{ steps.clean.order }} is missing',
        text: 'HubSpot did not take the buyer of order {{ steps.clean.order }}. Please add the contact by hand.',
      },
    },
    {
      id: 'receipt',
      name: 'Send receipt',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: {
        to: { $: 'steps.clean.email' },
        subject: 'Your receipt for order {{ steps.clean.order }}',
        text: "Dear {{ steps.clean.name }},\n\nthank you. We received {{ $formatNumber(steps.clean.total, '0.00') }} EUR for order {{ steps.clean.order }}.\n\nYour shop",
      },
    },
  ],
  edges: [
    { from: 'paid', to: 'clean' },
    { from: 'clean', to: 'big' },
    { from: 'big', port: 'yes', to: 'contact' },
    { from: 'big', port: 'else', to: 'receipt' },
    { from: 'contact', port: 'error', to: 'tellSales' },
    { from: 'contact', to: 'receipt' },
    { from: 'tellSales', to: 'receipt' },
  ],
  settings: { onFailure: { notify: ['owner'] } },
  layout: {
    paid: [160, 0],
    clean: [160, 80],
    big: [160, 160],
    contact: [0, 260],
    tellSales: [280, 340],
    receipt: [420, 440],
  },
  notes: [
    {
      id: 'cents',
      text: 'Amounts arrive in cents. Stripe sends 12990 for 129.90 EUR.',
      at: [440, 0],
      author: 'Lena Brandt',
    },
  ],
};

export const paymentFlow: DemoFlow = {
  key: 'payment',
  name: 'Payment to CRM and receipt',
  reason: 'Buyers of 100 EUR or more belong in the CRM; every buyer gets a receipt.',
  versions: [{ note: 'First version', document }],
};
