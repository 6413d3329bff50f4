import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  site: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'the part before .atlassian.net')
    .meta({ title: 'Site', description: 'The part before .atlassian.net.' }),
});
const hostOf = ({ site }: z.output<typeof configSchema>) => `${site}.atlassian.net`;
// {"errorMessages": ["..."], "errors": {"summary": "..."}}
const errors = { said: ['errorMessages', 'errors', 'message'] };

export const jira = declareConnector({
  id: 'jira',
  title: 'Jira',
  description: 'Creates, changes, moves, finds and comments on issues of Jira Cloud.',
  icon: { name: 'jira', color: '#0052CC' },
  category: 'work',
  docs: 'https://developer.atlassian.com/cloud/jira/platform/rest/v3',
  setup: [
    'Make a user for the flow that may browse and change only the projects it needs.',
    'As that user make an API token at id.atlassian.com/manage-profile/security/api-tokens.',
  ],
  auth: ['basic'],
  credentials: { basic: { username: { title: 'E-mail of the user' }, password: { title: 'API token' } } },
  config: configSchema,
  hosts: (config) => [hostOf(config)],
  origin: (config) => `https://${hostOf(config)}`,
  errors,
  limits: {
    callsPerSecond: 5,
    burst: 20,
    says: 'By cost, not told in numbers; 429 has Retry-After: developer.atlassian.com/cloud/jira/platform/rate-limiting',
  },
  scopes: {
    'issues.read': { title: 'Read and find issues', risk: 'bulk', vendor: ['read:jira-work'] },
    'issues.write': { title: 'Create, change, move and comment on issues', risk: 'write', vendor: ['write:jira-work'] },
    'projects.read': { title: 'List projects', risk: 'read', vendor: ['read:jira-work'] },
  },
  probe: { path: '/rest/api/3/myself' },
});
