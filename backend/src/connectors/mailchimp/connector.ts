import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  server: z
    .string()
    .regex(/^[a-z]{2}\d{1,3}$/, 'the part of the key after its dash: us6')
    .meta({ title: 'Server', description: 'The end of the API key, after its dash: us6.' }),
});
const hostOf = ({ server }: z.output<typeof configSchema>) => `${server}.api.mailchimp.com`;
// RFC 9457: {"type": "...", "title": "...", "status": 404, "detail": "..."}
const errors = { said: ['detail', 'title'] };

export const mailchimp = declareConnector({
  id: 'mailchimp',
  title: 'Mailchimp',
  description: 'Keeps the contacts of an audience in step, with their tags.',
  icon: { name: 'mail', color: '#6B5B00' },
  category: 'mail',
  docs: 'https://mailchimp.com/developer/marketing/api',
  setup: [
    'Make an API key under Account, Extras, API keys, as a user with the role Manager at most: keys have no scopes.',
  ],
  auth: ['basic'],
  credentials: {
    basic: { username: { fixed: 'sluice' }, password: { title: 'API key', help: 'Ends with -us6 or the like.' } },
  },
  config: configSchema,
  hosts: (config) => [hostOf(config)],
  origin: (config) => `https://${hostOf(config)}`,
  errors,
  limits: {
    callsPerSecond: 5,
    burst: 10,
    says: '10 connections at once, no rate in numbers: mailchimp.com/developer/marketing/docs/fundamentals',
  },
  scopes: {
    'contacts.read': { title: 'Read contacts', risk: 'bulk', vendor: [] },
    'contacts.write': { title: 'Subscribe, change and tag contacts', risk: 'write', vendor: [] },
    'contacts.archive': { title: 'Archive contacts', risk: 'delete', vendor: [] },
    'audiences.read': { title: 'List audiences', risk: 'read', vendor: [] },
  },
  probe: { path: '/3.0/ping' },
});
