import { z } from 'zod';
import { declareComputation, declareConnector, webhookSchemes } from '../src/connector/declare.js';
import { type Catalogue, describeConnector } from '../src/connector/describe.js';
import { holdsSchema } from '../src/connector/field-class.js';

const icon = { name: 'plug', color: '#333333' };

const webhook = declareConnector({
  id: 'webhook',
  title: 'Webhook',
  description: 'Receives',
  icon,
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
});
const crm = declareConnector({
  id: 'hubspot',
  title: 'HubSpot',
  description: 'A CRM',
  icon,
  auth: ['bearer'],
  config: z.strictObject({}),
  hosts: ['api.hubapi.com'],
  scopes: {
    'contacts.read': { title: 'Read contacts', risk: 'read', vendor: ['crm.objects.contacts.read'] },
    'contacts.write': { title: 'Create and change contacts', risk: 'write', vendor: ['crm.objects.contacts.write'] },
  },
});
const mail = declareConnector({
  id: 'smtp',
  title: 'Mail',
  description: 'Sends mail',
  icon,
  auth: ['basic'],
  config: z.strictObject({ host: z.string() }),
  hosts: (config) => [config.host],
  scopes: { send: { title: 'Send mail', risk: 'write', vendor: [] } },
});

const csv = declareConnector({
  id: 'csv',
  title: 'CSV',
  description: 'Tables as text',
  icon,
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
});
const parse = declareComputation({
  title: 'Read CSV',
  description: 'Makes rows of a text',
  input: z.strictObject({ text: z.string(), delimiter: z.enum([',', ';']).default(',') }),
  output: z.object({ rows: z.array(z.unknown()) }),
  sample: { input: { text: 'a' }, output: { rows: [['a']] } },
  compute: ({ text }) => ({ rows: [text.split(',')] }),
});

const receive = webhook.trigger({
  title: 'Received',
  description: 'A request arrives',
  scopes: [],
  params: z.strictObject({
    scheme: z.enum(webhookSchemes),
    respond: z.enum(['accepted', 'result']).optional(),
    holds: holdsSchema,
  }),
  event: z.unknown(),
  scheme: 'from-config',
  sample: {},
});
const changed = crm.trigger({
  title: 'Contact changed',
  description: 'A contact was changed',
  scopes: ['contacts.read'],
  params: z.strictObject({}),
  event: z.unknown(),
  scheme: 'hubspot',
  sample: {},
});
const upsert = crm.action({
  title: 'Create or change a contact',
  description: 'By email',
  scopes: ['contacts.write'],
  effect: { class: 'natural' },
  method: 'POST',
  path: '/crm/v3/objects/contacts/batch/upsert',
  input: z.strictObject({
    email: z.email(),
    stage: z.enum(['lead', 'customer']).optional(),
    score: z.number().min(0).optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    tags: z.array(z.string()).optional(),
    properties: z.record(z.string(), z.string()).optional(),
  }),
  output: z.object({ id: z.string() }),
  classes: { stage: 'internal', 'properties.iban': 'payment', 'properties.iban.note': 'public' },
  outputClasses: { id: 'internal' },
  sample: { input: { email: 'ada@example.com' }, output: { id: '1' } },
  run: async () => ({ id: '1' }),
});
const send = mail.action({
  title: 'Send',
  description: 'Sends one message',
  scopes: ['send'],
  effect: { class: 'unsafe' },
  method: 'SMTP',
  directs: ['to'],
  path: 'MAIL',
  input: z.strictObject({ to: z.union([z.string(), z.array(z.string())]), subject: z.string(), text: z.string() }),
  output: z.object({}),
  sample: { input: { to: 'ada@example.com', subject: 'Hi', text: 'Hi' }, output: {} },
  run: async () => ({}),
});

/** Connectors that stand for all: `webhook`, `hubspot`, `smtp`, and `csv` that computes. */
export const aCatalogue: Catalogue = Object.fromEntries(
  [
    webhook.build({ actions: {}, triggers: { received: receive } }),
    crm.build({ actions: { 'contacts.upsert': upsert }, triggers: { 'contact.changed': changed } }),
    mail.build({ actions: { send }, triggers: {} }),
    csv.build({ actions: {}, triggers: {}, computations: { parse } }),
  ].map((connector) => [connector.base.id, describeConnector(connector)]),
);
