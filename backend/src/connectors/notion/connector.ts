import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const origin = 'https://api.notion.com';

/** Each call names the version of the API that it was written for. */
export const versionHeader = { 'Notion-Version': '2022-06-28' };

// https://developers.notion.com/reference/status-codes
const errors = {
  said: ['message'],
  code: 'code',
  codes: { unauthorized: 'unauthorized', restricted_resource: 'unauthorized', rate_limited: 'rate-limited' },
} as const;

export const notion = declareConnector({
  id: 'notion',
  title: 'Notion',
  description: 'Adds, changes and reads pages of the databases that were shared with it.',
  icon: { name: 'notion', color: '#37352F' },
  category: 'work',
  docs: 'https://developers.notion.com/reference',
  setup: [
    'Make an internal integration at notion.so/profile/integrations, with only the capabilities that the flow’s scopes name and no user information.',
    'Open each page or database that the flow needs, and add the integration under Connections.',
  ],
  auth: ['bearer'],
  credentials: { bearer: { title: 'Integration secret', help: 'Begins with ntn_ or secret_.' } },
  config: z.strictObject({}),
  hosts: ['api.notion.com'],
  origin,
  errors,
  limits: {
    callsPerSecond: 3,
    burst: 3,
    says: 'An average of 3 calls a second and integration: developers.notion.com/reference/request-limits',
  },
  scopes: {
    'pages.read': { title: 'Read pages and databases', risk: 'bulk', vendor: ['read content'] },
    'pages.create': { title: 'Add pages and text', risk: 'write', vendor: ['insert content'] },
    'pages.change': { title: 'Change and archive pages', risk: 'write', vendor: ['update content'] },
    'comments.write': { title: 'Comment on pages', risk: 'write', vendor: ['insert comments'] },
  },
  probe: { path: '/v1/users/me', headers: versionHeader },
});
