import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { us: 'api.mailgun.net', eu: 'api.eu.mailgun.net' } as const;
const configSchema = z.strictObject({
  domain: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/, 'a domain such as mg.example.org')
    .meta({ title: 'Sending domain' }),
  region: z.enum(['us', 'eu']).default('us').meta({ title: 'Region', description: 'Where the domain was made.' }),
});
const originOf = ({ region }: z.output<typeof configSchema>) => `https://${hosts[region]}`;
const errors = { said: ['message'] };

export const mailgun = declareConnector({
  id: 'mailgun',
  title: 'Mailgun',
  description: 'Sends mails from one domain, and reads and clears its bounces and unsubscribes.',
  icon: { name: 'mail', color: '#C02126' },
  category: 'mail',
  docs: 'https://documentation.mailgun.com/docs/mailgun/api-reference',
  setup: [
    'Verify the domain under Sending, Domains.',
    'Make a sending key of that domain (it can only send), or an API key with the role that the flow’s scopes need.',
  ],
  auth: ['basic'],
  credentials: { basic: { username: { fixed: 'api' }, password: { title: 'API key' } } },
  config: configSchema,
  hosts: ({ region }) => [hosts[region]],
  origin: originOf,
  errors,
  scopes: {
    'mails.send': { title: 'Send mails from the domain', risk: 'write', vendor: [] },
    'bounces.read': { title: 'Read bounces', risk: 'read', vendor: [] },
    'bounces.clear': { title: 'Clear bounces, so that mails go there again', risk: 'delete', vendor: [] },
    'unsubscribes.write': { title: 'Note that an address wants no mails', risk: 'write', vendor: [] },
  },
  probe: { path: '/v3/{domain}/bounces?limit=1' },
});
