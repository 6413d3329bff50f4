import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** acme.atlassian.net with SHOP-1 to SHOP-3 and three projects. Two found issues a page. Transition 31 leads to Done. */
export function jiraDouble(): ServiceDouble {
  const issues = new Map<string, Record<string, unknown>>(
    [1, 2, 3].map((n) => [`SHOP-${n}`, { summary: 'Order 1042 failed', status: { name: 'To Do' } }]),
  );
  let comments = 500;
  const missing = () =>
    reply(404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} });
  const shown = (key: string) => ({ id: String(10_000 + Number(key.split('-')[1])), key, fields: issues.get(key) });
  const isDocument = (value: unknown) => Object(value).type === 'doc' && Object(value).version === 1;

  return standIn({
    host: 'acme.atlassian.net',
    credential: (n) => ({
      kind: 'basic',
      username: 'flow@example.com',
      password: `ATATTdouble${String(n).padStart(16, '0')}`,
    }),
    problem: (what) => ({ errorMessages: [`Refused: ${what}`], errors: {} }),
    routes: {
      'GET /rest/api/3/myself': { answer: () => reply(200, { accountId: '1' }) },
      'POST /rest/api/3/issue': {
        scope: 'write:jira-work',
        answer({ json, effect }) {
          const { project, issuetype, summary, description } = json.fields ?? {};
          if (project?.key !== 'SHOP' || typeof issuetype?.name !== 'string')
            return reply(400, { errorMessages: [], errors: { project: 'valid project is required' } });
          if (description !== undefined && !isDocument(description))
            return reply(400, {
              errorMessages: [],
              errors: { description: 'Operation value must be an Atlassian Document' },
            });
          const key = `SHOP-${issues.size + 1}`;
          issues.set(key, { summary, status: { name: 'To Do' } });
          effect(`created ${key}: ${summary}`);
          return reply(201, { id: shown(key).id, key, self: `https://acme.atlassian.net/rest/api/3/issue/${key}` });
        },
      },
      'PUT /rest/api/3/issue/{issue}': {
        scope: 'write:jira-work',
        answer({ params, json, effect }) {
          const { issue = '' } = params;
          const before = issues.get(issue);
          if (before === undefined) return missing();
          const after = { ...before, ...json.fields };
          if (JSON.stringify(after) !== JSON.stringify(before)) effect(`changed ${issue}`);
          issues.set(issue, after);
          return reply(204, null);
        },
      },
      'POST /rest/api/3/issue/{issue}/transitions': {
        scope: 'write:jira-work',
        answer({ params, json, effect }) {
          const { issue = '' } = params;
          if (!issues.has(issue)) return missing();
          if (json.transition?.id !== '31')
            return reply(400, {
              errorMessages: ['It seems that you have tried to perform a workflow operation that is not valid.'],
              errors: {},
            });
          issues.set(issue, { ...issues.get(issue), status: { name: 'Done' } });
          effect(`moved ${issue}`);
          return reply(204, null);
        },
      },
      'POST /rest/api/3/issue/{issue}/comment': {
        scope: 'write:jira-work',
        answer({ params, json, effect }) {
          if (!issues.has(params.issue ?? '')) return missing();
          if (!isDocument(json.body)) return reply(400, { errorMessages: ['Comment body is not valid!'], errors: {} });
          comments += 1;
          effect(`commented on ${params.issue}`);
          return reply(201, { id: String(comments) });
        },
      },
      'GET /rest/api/3/issue/{issue}': {
        scope: 'read:jira-work',
        answer: ({ params }) => (issues.has(params.issue ?? '') ? reply(200, shown(params.issue ?? '')) : missing()),
      },
      'GET /rest/api/3/search/jql': {
        scope: 'read:jira-work',
        answer({ query }) {
          const from = Number(query.get('nextPageToken') ?? 0);
          const isLast = from + 2 >= issues.size;
          return reply(200, {
            issues: [...issues.keys()].slice(from, from + 2).map(shown),
            isLast,
            ...(!isLast && { nextPageToken: String(from + 2) }),
          });
        },
      },
      'GET /rest/api/3/project/search': {
        scope: 'read:jira-work',
        answer({ query }) {
          const from = Number(query.get('startAt') ?? 0);
          const all = ['Shop', 'Books', 'Team'].map((name, at) => ({
            id: String(at + 1),
            key: name.toUpperCase(),
            name,
          }));
          return reply(200, { values: all.slice(from, from + Number(query.get('maxResults'))), total: all.length });
        },
      },
    },
  });
}
