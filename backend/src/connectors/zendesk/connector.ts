import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  subdomain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'the part before .zendesk.com')
    .meta({ title: 'Subdomain', description: 'The part before .zendesk.com.' }),
});
const hostOf = ({ subdomain }: z.output<typeof configSchema>) => `${subdomain}.zendesk.com`;
// {"error": "RecordInvalid", "description": "..."} or {"error": {"title": "...", "message": "..."}}
const errors = { said: ['description', 'error.message', 'error'] };

export const zendesk = declareConnector({
  id: 'zendesk',
  title: 'Zendesk',
  description: 'Opens, changes, finds and comments on tickets, and keeps users in step.',
  icon: { name: 'headset', color: '#03363D' },
  category: 'support',
  docs: 'https://developer.zendesk.com/api-reference',
  setup: [
    'Make an OAuth client in Admin Center under Apps and integrations, APIs, and a token of it with only the scopes that the flow’s scopes name.',
    'An API token works too (user name agent@example.com/token), but it may do all that the agent may.',
  ],
  auth: ['bearer', 'basic'],
  credentials: {
    bearer: { title: 'OAuth access token' },
    basic: { username: { title: 'Agent', help: 'agent@example.com/token' }, password: { title: 'API token' } },
  },
  config: configSchema,
  hosts: (config) => [hostOf(config)],
  origin: (config) => `https://${hostOf(config)}`,
  errors,
  limits: {
    callsPerSecond: 3,
    burst: 30,
    says: '200 to 2,500 calls a minute by plan, with Retry-After: developer.zendesk.com/api-reference/introduction/rate-limits',
  },
  scopes: {
    'tickets.read': { title: 'Read tickets', risk: 'bulk', vendor: ['tickets:read'] },
    'tickets.write': { title: 'Open, change and comment on tickets', risk: 'write', vendor: ['tickets:write'] },
    'search.read': { title: 'Search tickets', risk: 'bulk', vendor: ['read'] },
    'users.write': { title: 'Create and change users', risk: 'write', vendor: ['users:write'] },
  },
  probe: { path: '/api/v2/users/me.json' },
});
