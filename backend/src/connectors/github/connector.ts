import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const origin = 'https://api.github.com';

/** Each call names the version of the API that it was written for. */
export const versionHeader = { 'X-GitHub-Api-Version': '2022-11-28', accept: 'application/vnd.github+json' };

const errors = { said: ['message'] };

export const github = declareConnector({
  id: 'github',
  title: 'GitHub',
  description: 'Opens, changes and comments on issues, reads repositories and starts workflows.',
  icon: { name: 'github', color: '#24292F' },
  category: 'work',
  docs: 'https://docs.github.com/rest',
  setup: [
    'Make a fine-grained personal access token at github.com/settings/personal-access-tokens.',
    'Give it only the repositories that the flow needs, and only the permissions that the flow’s scopes name.',
    'Set its expiry here too, so that its owner hears of it in time.',
  ],
  auth: ['bearer'],
  credentials: {
    bearer: {
      title: 'Token',
      help: 'A fine-grained one: github_pat_… Classic tokens can do far more than a flow needs.',
    },
  },
  config: z.strictObject({}),
  hosts: ['api.github.com'],
  origin,
  errors,
  limits: {
    callsPerSecond: 1,
    burst: 60,
    says: '5,000 calls an hour and token; changes one at a time, a second apart: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  },
  scopes: {
    'issues.read': { title: 'Read issues', risk: 'read', vendor: ['issues:read'] },
    'issues.write': { title: 'Open, change and comment on issues', risk: 'write', vendor: ['issues:write'] },
    'repositories.read': { title: 'List repositories', risk: 'read', vendor: ['metadata:read'] },
    'workflows.run': { title: 'Start workflows, which may deploy', risk: 'write', vendor: ['actions:write'] },
  },
  probe: { path: '/rate_limit', headers: versionHeader },
});
