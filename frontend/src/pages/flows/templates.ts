import type { FieldClass } from '../../ui/ClassTag.js';

export interface Template {
  name: string;
  says: string;
  /** For the small drawing: rows of steps from top to bottom. */
  rows: readonly (readonly { tile: string; name: string }[])[];
  talksTo: readonly string[];
  sends: readonly { class: FieldClass; fields: string }[];
  document: { readonly [key: string]: unknown };
}

/** Flows to start from. A test checks each document against the flow schema. */
export const templates: readonly Template[] = [
  {
    name: 'Payment to CRM and receipt',
    says: 'A payment arrives, the contact is updated, a receipt is mailed.',
    rows: [
      [{ tile: 'webhook', name: 'Payment' }],
      [{ tile: 'branch', name: '100 EUR?' }],
      [
        { tile: 'hubspot', name: 'Contact' },
        { tile: 'smtp', name: 'Receipt' },
      ],
    ],
    talksTo: ['api.hubapi.com', 'your mail server'],
    sends: [{ class: 'personal', fields: 'e-mail, name' }],
    document: {
      schema: 'sluice.flow/1',
      slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
      steps: [
        {
          id: 'paid',
          name: 'Payment',
          kind: 'trigger',
          connector: 'webhook',
          trigger: 'received',
          config: { scheme: 'standard-webhooks', respond: 'accepted' },
        },
        {
          id: 'order',
          name: 'Map order fields',
          kind: 'transform',
          input: {
            email: { $: '$lowercase(trigger.body.customer.email)' },
            name: { $: 'trigger.body.customer.name' },
            total: { $: 'trigger.body.amount / 100' },
          },
        },
        {
          id: 'large',
          name: '100 EUR or more?',
          kind: 'branch',
          cases: [{ port: 'large', when: { $: 'steps.order.total >= 100' } }],
        },
        {
          id: 'contact',
          name: 'Create or change contact',
          kind: 'action',
          slot: 'crm',
          action: 'contacts.upsert',
          input: { email: { $: 'steps.order.email' }, firstname: { $: 'steps.order.name' } },
        },
        {
          id: 'receipt',
          name: 'Send receipt',
          kind: 'action',
          slot: 'mail',
          action: 'send',
          input: {
            to: { $: 'steps.order.email' },
            subject: 'Thank you',
            text: 'You paid {{ steps.order.total }} EUR.',
          },
        },
      ],
      edges: [
        { from: 'paid', to: 'order' },
        { from: 'order', to: 'large' },
        { from: 'large', port: 'large', to: 'contact' },
        { from: 'large', port: 'else', to: 'receipt' },
        { from: 'contact', to: 'receipt' },
      ],
      layout: { paid: [200, 0], order: [200, 100], large: [200, 200], contact: [60, 300], receipt: [340, 400] },
    },
  },
  {
    name: 'Lead from a web form',
    says: 'A signed form post is checked; what passes becomes a contact.',
    rows: [
      [{ tile: 'webhook', name: 'Web form' }],
      [{ tile: 'filter', name: 'Not spam' }],
      [{ tile: 'hubspot', name: 'Contact' }],
    ],
    talksTo: ['api.hubapi.com'],
    sends: [{ class: 'personal', fields: 'e-mail, name, phone' }],
    document: {
      schema: 'sluice.flow/1',
      slots: { crm: { connector: 'hubspot' } },
      steps: [
        {
          id: 'form',
          name: 'Web form',
          kind: 'trigger',
          connector: 'webhook',
          trigger: 'received',
          config: { scheme: 'standard-webhooks', respond: 'accepted' },
        },
        {
          id: 'real',
          name: 'Not spam',
          kind: 'filter',
          when: { $: '$exists(trigger.body.email) and $not($exists(trigger.body.website))' },
        },
        {
          id: 'contact',
          name: 'Create or change contact',
          kind: 'action',
          slot: 'crm',
          action: 'contacts.upsert',
          input: {
            email: { $: '$lowercase(trigger.body.email)' },
            firstname: { $: 'trigger.body.name' },
            phone: { $: 'trigger.body.phone' },
          },
        },
      ],
      edges: [
        { from: 'form', to: 'real' },
        { from: 'real', to: 'contact' },
      ],
      layout: { form: [0, 0], real: [0, 100], contact: [0, 200] },
    },
  },
  {
    name: 'Order lines to your own service',
    says: 'An order arrives; each line is shaped and posted to your API.',
    rows: [
      [{ tile: 'webhook', name: 'Order' }],
      [{ tile: 'transform', name: 'Shape' }],
      [{ tile: 'http', name: 'Post order' }],
    ],
    talksTo: ['the host you name'],
    sends: [{ class: 'internal', fields: 'number, lines' }],
    document: {
      schema: 'sluice.flow/1',
      slots: { shop: { connector: 'http' } },
      steps: [
        {
          id: 'order',
          name: 'Order',
          kind: 'trigger',
          connector: 'webhook',
          trigger: 'received',
          config: { scheme: 'standard-webhooks', respond: 'accepted' },
        },
        {
          id: 'shape',
          name: 'Shape',
          kind: 'transform',
          input: { number: { $: 'trigger.body.id' }, lines: { $: 'trigger.body.lines' } },
        },
        {
          id: 'post',
          name: 'Post order',
          kind: 'action',
          slot: 'shop',
          action: 'request',
          input: { method: 'POST', url: 'https://api.example.com/orders', body: { $: 'steps.shape' } },
        },
      ],
      edges: [
        { from: 'order', to: 'shape' },
        { from: 'shape', to: 'post' },
      ],
      layout: { order: [0, 0], shape: [0, 100], post: [0, 200] },
    },
  },
];
