import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { live: 'api-m.paypal.com', sandbox: 'api-m.sandbox.paypal.com' } as const;
const payments = 'https://uri.paypal.com/services/payments';

// {"name": "...", "message": "...", "details": [{"issue": "...", "description": "..."}]}; of a token {"error", "error_description"}.
const errors = {
  said: ['details.description', 'message', 'error_description'],
  code: 'details.issue',
  codes: {
    // The first of two with one PayPal-Request-Id is still under way: its outcome will be ours a moment later.
    PREVIOUS_REQUEST_IN_PROGRESS: { code: 'unavailable', uncertain: true },
    PERMISSION_DENIED: 'unauthorized',
  },
} as const;

export const paypal = declareConnector({
  id: 'paypal',
  title: 'PayPal',
  description: 'Makes and captures orders, refunds captures and lists transactions.',
  icon: { name: 'brand-paypal', color: '#003087' },
  category: 'payments',
  docs: 'https://developer.paypal.com/api/rest/',
  setup: [
    'Make a REST app for this flow in the Developer Dashboard, Apps & Credentials, with only the features that the flow’s scopes need: an app’s token holds the scopes of all its features.',
    'The token endpoint is https://api-m.paypal.com/v1/oauth2/token, of the sandbox https://api-m.sandbox.paypal.com/v1/oauth2/token; the client authenticates in a header.',
    'For transactions turn on Transaction Search; it may take up to nine hours.',
  ],
  auth: ['oauth2'],
  oauth: { grants: ['clientCredentials'], server: 'connection' },
  config: z.strictObject({
    account: z.enum(['live', 'sandbox']).default('live').meta({ title: 'Account' }),
  }),
  hosts: ({ account }) => [hosts[account]],
  origin: ({ account }) => `https://${hosts[account]}`,
  errors,
  receives: ['public', 'internal', 'personal', 'payment'],
  limits: {
    callsPerSecond: 5,
    burst: 20,
    says: 'Not told in numbers; 429 RATE_LIMIT_REACHED past them: developer.paypal.com/api/rest/rate-limiting',
  },
  scopes: {
    'orders.read': { title: 'Read orders', risk: 'read', vendor: [`${payments}/payment`] },
    'orders.write': { title: 'Make orders', risk: 'write', vendor: [`${payments}/payment`] },
    'orders.capture': { title: 'Take the money of approved orders', risk: 'money', vendor: [`${payments}/payment`] },
    'refunds.write': { title: 'Pay money back to customers', risk: 'money', vendor: [`${payments}/refund`] },
    'transactions.read': {
      title: 'List all transactions of the account',
      risk: 'bulk',
      vendor: ['https://uri.paypal.com/services/reporting/search/read'],
    },
  },
});
