import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { global: 'api.sendgrid.com', eu: 'api.eu.sendgrid.com' } as const;
const configSchema = z.strictObject({
  region: z
    .enum(['global', 'eu'])
    .default('global')
    .meta({ title: 'Region', description: 'Where the account (or its subuser) lives.' }),
});
const originOf = ({ region }: z.output<typeof configSchema>) => `https://${hosts[region]}`;
const errors = { said: ['errors.message'] };

export const sendgrid = declareConnector({
  id: 'sendgrid',
  title: 'SendGrid',
  description: 'Sends mails, also from templates, and reads and clears bounces.',
  icon: { name: 'mail', color: '#1A82E2' },
  category: 'mail',
  docs: 'https://www.twilio.com/docs/sendgrid/api-reference',
  setup: [
    'Authenticate the domain that mails come from under Settings, Sender Authentication.',
    'Make an API key with Restricted Access under Settings, API Keys, and give it only the permissions that the flow’s scopes name.',
  ],
  auth: ['bearer'],
  credentials: { bearer: { title: 'API key', help: 'Begins with SG.' } },
  config: configSchema,
  hosts: ({ region }) => [hosts[region]],
  origin: originOf,
  errors,
  limits: {
    callsPerSecond: 10,
    burst: 50,
    says: '600 calls a minute and endpoint; Mail Send takes far more: twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits',
  },
  scopes: {
    'mails.send': { title: 'Send mails', risk: 'write', vendor: ['mail.send'] },
    'templates.read': { title: 'List templates', risk: 'read', vendor: ['templates.read'] },
    'bounces.read': { title: 'Read bounces', risk: 'read', vendor: ['suppression.bounces.read'] },
    'bounces.clear': {
      title: 'Clear bounces, so that mails go there again',
      risk: 'delete',
      vendor: ['suppression.bounces.delete'],
    },
  },
  probe: { path: '/v3/scopes' },
});
