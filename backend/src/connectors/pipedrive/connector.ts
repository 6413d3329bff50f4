import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  company: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'the part before .pipedrive.com')
    .meta({ title: 'Company domain', description: 'The part before .pipedrive.com.' }),
});
const hostOf = ({ company }: z.output<typeof configSchema>) => `${company}.pipedrive.com`;
// {"success": false, "error": "...", "error_info": "..."}
const errors = { okay: 'success', said: ['error'] };

export const pipedrive = declareConnector({
  id: 'pipedrive',
  title: 'Pipedrive',
  description: 'Creates, changes and finds people and deals, and notes on them.',
  icon: { name: 'address-book', color: '#017737' },
  category: 'crm',
  docs: 'https://developers.pipedrive.com/docs/api/v1',
  setup: [
    'With OAuth: make a private app in the Developer Hub with only the scopes that the flow’s scopes name.',
    'An API token (Personal preferences, API) works too, but it may do all that its user may.',
  ],
  auth: ['oauth2', 'apiKey'],
  credentials: { apiKey: { title: 'API token', in: 'header', name: 'x-api-token' } },
  // https://pipedrive.readme.io/docs/marketplace-oauth-authorization
  oauth: {
    grants: ['authorizationCode'],
    server: {
      authorization: 'https://oauth.pipedrive.com/oauth/authorize',
      token: 'https://oauth.pipedrive.com/oauth/token',
      revocation: 'https://oauth.pipedrive.com/oauth/revoke',
    },
    clientAuth: 'basic',
    extraScopes: ['base'],
  },
  config: configSchema,
  hosts: (config) => [hostOf(config)],
  origin: (config) => `https://${hostOf(config)}`,
  errors,
  limits: {
    callsPerSecond: 5,
    burst: 20,
    says: 'A budget of tokens a day and seat, and a burst of 20 to 80 calls in 2 seconds by plan: pipedrive.readme.io/docs/core-api-concepts-rate-limiting',
  },
  scopes: {
    'people.read': { title: 'Find people', risk: 'read', vendor: ['search:read'] },
    'people.write': { title: 'Create and change people', risk: 'write', vendor: ['contacts:full'] },
    'deals.read': { title: 'List deals', risk: 'bulk', vendor: ['deals:read'] },
    'deals.write': { title: 'Create and change deals, and note on them', risk: 'write', vendor: ['deals:full'] },
  },
  probe: { path: '/api/v1/users/me' },
});
