import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { us: 'api.intercom.io', eu: 'api.eu.intercom.io', au: 'api.au.intercom.io' } as const;
const configSchema = z.strictObject({
  region: z
    .enum(['us', 'eu', 'au'])
    .default('us')
    .meta({ title: 'Region', description: 'Where the workspace is hosted.' }),
});
const originOf = ({ region }: z.output<typeof configSchema>) => `https://${hosts[region]}`;

/** Each call names the version of the API that it was written for. */
export const versionHeader = { 'Intercom-Version': '2.11' };

// {"type": "error.list", "errors": [{"code": "...", "message": "..."}]}
const errors = {
  said: ['errors.message'],
  code: 'errors.code',
  codes: { token_unauthorized: 'unauthorized', token_not_found: 'unauthorized', rate_limit_exceeded: 'rate-limited' },
} as const;

export const intercom = declareConnector({
  id: 'intercom',
  title: 'Intercom',
  description: 'Keeps contacts in step, tags them, and writes in conversations.',
  icon: { name: 'brand-intercom', color: '#1F6FEB' },
  category: 'support',
  docs: 'https://developers.intercom.com/docs/references/rest-api/api.intercom.io',
  setup: [
    'Make an app in the Developer Hub for your own workspace, with only the permissions that the flow’s scopes name.',
    'Copy its access token under Configure, Authentication.',
  ],
  auth: ['bearer'],
  credentials: { bearer: { title: 'Access token' } },
  config: configSchema,
  hosts: ({ region }) => [hosts[region]],
  origin: originOf,
  errors,
  limits: {
    callsPerSecond: 15,
    burst: 150,
    says: '10,000 calls a minute and app, spread over windows of 10 seconds: developers.intercom.com/docs/references/rest-api/errors/rate-limiting',
  },
  scopes: {
    'contacts.read': { title: 'Find contacts', risk: 'bulk', vendor: ['Read and list users and companies'] },
    'contacts.write': {
      title: 'Create, change and tag contacts',
      risk: 'write',
      vendor: ['Write users and companies'],
    },
    'conversations.write': { title: 'Write in conversations', risk: 'write', vendor: ['Write conversations'] },
  },
  probe: { path: '/me', headers: versionHeader },
});
