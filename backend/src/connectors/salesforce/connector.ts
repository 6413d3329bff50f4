import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  host: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.my\.salesforce\.com$/,
      'a My Domain host such as acme.my.salesforce.com',
    )
    .meta({ title: 'My Domain', description: 'acme.my.salesforce.com, or acme--staging.sandbox.my.salesforce.com.' }),
});

/** The version of the API that calls were written for. */
export const root = '/services/data/v62.0';

// [{"errorCode": "...", "message": "...", "fields": []}]
const errors = {
  said: ['message'],
  code: 'errorCode',
  codes: {
    INVALID_SESSION_ID: 'unauthorized',
    INSUFFICIENT_ACCESS: 'unauthorized',
    INSUFFICIENT_ACCESS_OR_READONLY: 'unauthorized',
    REQUEST_LIMIT_EXCEEDED: 'rate-limited',
    UNABLE_TO_LOCK_ROW: 'unavailable',
    SERVER_UNAVAILABLE: 'unavailable',
  },
} as const;

export const salesforce = declareConnector({
  id: 'salesforce',
  title: 'Salesforce',
  description: 'Creates, changes, finds and deletes records of any object.',
  icon: { name: 'cloud', color: '#0B7DC0' },
  category: 'crm',
  docs: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest',
  setup: [
    'Make an external client app with OAuth, the client credentials flow, and the scope api alone.',
    'Let it run as an integration user whose permission set names only the objects and fields that the flow needs: Salesforce’s scopes are coarse, this is what narrows them.',
    'The token endpoint is https://(My Domain)/services/oauth2/token.',
  ],
  auth: ['oauth2', 'bearer'],
  credentials: { bearer: { title: 'Access token', help: 'It ends with its session; OAuth renews it.' } },
  oauth: { grants: ['clientCredentials', 'authorizationCode'], server: 'connection' },
  config: configSchema,
  hosts: ({ host }) => [host],
  origin: ({ host }) => `https://${host}`,
  errors,
  limits: {
    callsPerSecond: 5,
    burst: 25,
    says: '100,000 calls a day and more by licence, 25 long ones at once: Salesforce Developer Limits and Allocations Quick Reference',
  },
  scopes: {
    'records.read': { title: 'Read records', risk: 'bulk', vendor: ['api'] },
    'records.write': { title: 'Create and change records', risk: 'write', vendor: ['api'] },
    'records.delete': { title: 'Delete records', risk: 'delete', vendor: ['api'] },
  },
  probe: { path: `${root}/limits` },
});
