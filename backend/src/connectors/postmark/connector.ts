import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const origin = 'https://api.postmarkapp.com';

// https://postmarkapp.com/developer/api/overview#error-codes
const errors = {
  said: ['Message'],
  code: 'ErrorCode',
  codes: { 10: 'unauthorized', 100: 'unavailable', 429: 'rate-limited' },
} as const;

export const postmark = declareConnector({
  id: 'postmark',
  title: 'Postmark',
  description: 'Sends transactional mails, also from templates, and reads and reactivates bounces.',
  icon: { name: 'mail', color: '#B58900' },
  category: 'mail',
  docs: 'https://postmarkapp.com/developer',
  setup: [
    'Confirm the sender’s domain under Sender Signatures.',
    'Copy a token of the server that the flow sends from: Servers, API Tokens. A server of its own for each environment keeps them apart.',
  ],
  auth: ['apiKey'],
  credentials: { apiKey: { title: 'Server API token', in: 'header', name: 'X-Postmark-Server-Token' } },
  config: z.strictObject({}),
  hosts: ['api.postmarkapp.com'],
  origin,
  errors,
  scopes: {
    'mails.send': { title: 'Send mails', risk: 'write', vendor: [] },
    'templates.read': { title: 'List templates', risk: 'read', vendor: [] },
    'bounces.read': { title: 'Read bounces', risk: 'read', vendor: [] },
    'bounces.reactivate': { title: 'Reactivate bounced addresses', risk: 'write', vendor: [] },
  },
  probe: { path: '/server' },
});
