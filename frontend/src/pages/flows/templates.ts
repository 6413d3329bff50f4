import type { FieldClass } from '@sluice/shared/connector';

export interface Template {
  name: string;
  says: string;
  /** For the small drawing: rows of steps from top to bottom. */
  rows: readonly (readonly { tile: string; name: string }[])[];
  talksTo: readonly string[];
  sends: readonly { class: FieldClass; fields: string }[];
  document: { readonly steps: readonly object[]; readonly [key: string]: unknown };
}

/** Whatever was selected. A file that isn't whole is worse than none. */
const wholeStock = `(
  $assert($not(steps.stock.isCut), "There are more rows than one query reads: write them in parts.");
  steps.stock.rows
)`;

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
    says: 'A signed form post is checked; a person says whether it is a lead, and only then it becomes a contact.',
    rows: [
      [{ tile: 'webhook', name: 'Web form' }],
      [{ tile: 'filter', name: 'Not spam' }],
      [{ tile: 'approval', name: 'A lead?' }],
      [{ tile: 'hubspot', name: 'Contact' }],
    ],
    talksTo: ['api.hubapi.com'],
    sends: [{ class: 'personal', fields: 'e-mail, name' }],
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
          // People don't see the field website; programs fill it in.
          when: { $: '$exists(trigger.body.customer.email) and $not($exists(trigger.body.website))' },
        },
        {
          id: 'ask',
          name: 'A lead?',
          kind: 'approval',
          question: 'Is {{ trigger.body.customer.name }} a lead for us?',
          details: { email: { $: 'trigger.body.customer.email' } },
        },
        {
          id: 'contact',
          name: 'Create or change contact',
          kind: 'action',
          slot: 'crm',
          action: 'contacts.upsert',
          input: {
            email: { $: '$lowercase(trigger.body.customer.email)' },
            firstname: { $: 'trigger.body.customer.name' },
            lifecyclestage: 'lead',
          },
        },
      ],
      edges: [
        { from: 'form', to: 'real' },
        { from: 'real', to: 'ask' },
        { from: 'ask', port: 'approved', to: 'contact' },
      ],
      layout: { form: [0, 0], real: [0, 100], ask: [0, 200], contact: [0, 300] },
    },
  },
  {
    name: 'Nightly stock file',
    says: 'Every night the stock is read from your database and written as a CSV file to a partner’s server.',
    rows: [
      [{ tile: 'schedule', name: 'At 2:00' }],
      [{ tile: 'postgresql', name: 'Stock' }],
      [{ tile: 'csv', name: 'CSV' }],
      [{ tile: 'sftp', name: 'File' }],
    ],
    talksTo: ['your database', 'the SFTP server'],
    sends: [{ class: 'personal', fields: 'the rows you select' }],
    document: {
      schema: 'sluice.flow/1',
      slots: { database: { connector: 'postgresql' }, partner: { connector: 'sftp' } },
      steps: [
        {
          id: 'night',
          name: 'At 2:00',
          kind: 'trigger',
          connector: 'schedule',
          trigger: 'due',
          config: { pattern: '0 2 * * *', timeZone: 'UTC' },
        },
        {
          id: 'stock',
          name: 'Read the stock',
          kind: 'action',
          slot: 'database',
          action: 'query',
          input: { statement: 'select sku, quantity from stock order by sku', mostRows: 10_000 },
        },
        {
          id: 'csv',
          name: 'Write as CSV',
          kind: 'compute',
          connector: 'csv',
          computation: 'write',
          input: { rows: { $: wholeStock } },
        },
        {
          id: 'file',
          name: 'Put the file',
          kind: 'action',
          slot: 'partner',
          action: 'files.upload',
          input: {
            path: '/stock-{{ $substring(trigger.body.slot, 0, 10) }}.csv',
            content: { $: 'steps.csv.text' },
          },
        },
      ],
      edges: [
        { from: 'night', to: 'stock' },
        { from: 'stock', to: 'csv' },
        { from: 'csv', to: 'file' },
      ],
      layout: { night: [0, 0], stock: [0, 100], csv: [0, 200], file: [0, 300] },
    },
  },
];
