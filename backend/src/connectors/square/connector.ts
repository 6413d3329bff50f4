import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { production: 'connect.squareup.com', sandbox: 'connect.squareupsandbox.com' } as const;
const configSchema = z.strictObject({
  account: z.enum(['production', 'sandbox']).default('production').meta({ title: 'Account' }),
});
const originOf = ({ account }: z.output<typeof configSchema>) => `https://${hosts[account]}`;

/** Each call names the version of the API that it was written for. */
export const versionHeader = { 'Square-Version': '2025-10-16' };

// {"errors": [{"category": "...", "code": "...", "detail": "..."}]}
const errors = {
  said: ['errors.detail'],
  code: 'errors.code',
  codes: {
    UNAUTHORIZED: 'unauthorized',
    ACCESS_TOKEN_EXPIRED: 'unauthorized',
    INSUFFICIENT_SCOPES: 'unauthorized',
    RATE_LIMITED: 'rate-limited',
    SERVICE_UNAVAILABLE: 'unavailable',
  },
} as const;

export const square = declareConnector({
  id: 'square',
  title: 'Square',
  description: 'Refunds and reads payments, and keeps customers in step.',
  icon: { name: 'credit-card', color: '#1F2328' },
  category: 'payments',
  docs: 'https://developer.squareup.com/reference/square',
  setup: [
    'Make an application in the Developer Console, and an OAuth access token of it with only the permissions that the flow’s scopes name.',
    'The console’s own personal access token may do everything: use it in the sandbox alone.',
  ],
  auth: ['bearer'],
  credentials: { bearer: { title: 'Access token' } },
  config: configSchema,
  hosts: ({ account }) => [hosts[account]],
  origin: originOf,
  errors,
  receives: ['public', 'internal', 'personal', 'payment'],
  limits: {
    callsPerSecond: 5,
    burst: 20,
    says: 'Not told in numbers; 429 asks for exponential backoff: developer.squareup.com/docs/build-basics/general-considerations/handling-errors',
  },
  scopes: {
    'payments.read': { title: 'Read payments', risk: 'read', vendor: ['PAYMENTS_READ'] },
    'refunds.write': { title: 'Refund payments', risk: 'money', vendor: ['PAYMENTS_WRITE'] },
    'customers.read': { title: 'Find customers', risk: 'read', vendor: ['CUSTOMERS_READ'] },
    'customers.write': { title: 'Create customers', risk: 'write', vendor: ['CUSTOMERS_WRITE'] },
    'locations.read': { title: 'List locations', risk: 'read', vendor: ['MERCHANT_PROFILE_READ'] },
  },
  probe: { path: '/v2/locations', headers: versionHeader },
});
