import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const origin = 'https://api.airtable.com';

// {"error": {"type": "...", "message": "..."}}, or {"error": "NOT_FOUND"}.
const errors = { said: ['error.message', 'error.type', 'error'], pauseSeconds: 30 };

export const airtable = declareConnector({
  id: 'airtable',
  title: 'Airtable',
  description: 'Reads, adds and changes records of the bases that its token reaches.',
  icon: { name: 'airtable', color: '#2D7FF9' },
  category: 'work',
  docs: 'https://airtable.com/developers/web/api/introduction',
  setup: [
    'Make a personal access token at airtable.com/create/tokens.',
    'Give it only the scopes that the flow’s scopes name, and only the bases that the flow needs.',
  ],
  auth: ['bearer', 'oauth2'],
  credentials: { bearer: { title: 'Personal access token', help: 'Begins with pat.' } },
  // https://airtable.com/developers/web/api/oauth-reference: PKCE is asked for, refresh tokens rotate.
  oauth: {
    grants: ['authorizationCode'],
    server: {
      authorization: 'https://airtable.com/oauth2/v1/authorize',
      token: 'https://airtable.com/oauth2/v1/token',
    },
    clientAuth: 'basic',
  },
  config: z.strictObject({}),
  hosts: ['api.airtable.com'],
  origin,
  errors,
  limits: {
    callsPerSecond: 5,
    burst: 5,
    says: '5 calls a second and base; past it 30 seconds of 429: airtable.com/developers/web/api/rate-limits',
  },
  scopes: {
    'records.read': { title: 'Read records', risk: 'bulk', vendor: ['data.records:read'] },
    'records.write': { title: 'Add and change records', risk: 'write', vendor: ['data.records:write'] },
    'records.delete': { title: 'Delete records', risk: 'delete', vendor: ['data.records:write'] },
    'bases.read': { title: 'List bases and tables', risk: 'read', vendor: ['schema.bases:read'] },
  },
  probe: { path: '/v0/meta/whoami' },
});
