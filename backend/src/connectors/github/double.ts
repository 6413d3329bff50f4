import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** octo-org/shop with three issues, and two more repositories. Two entries a page. */
export function githubDouble(): ServiceDouble {
  const issues = ['Order 1042 failed', 'Mails are late', 'Refund twice'].map((title, at) => ({
    number: at + 1,
    title,
    state: 'open',
    html_url: `https://github.com/octo-org/shop/issues/${at + 1}`,
    body: '',
    user: { login: 'octocat' },
  }));
  let comments = 10;
  const read = ['issues:read', 'issues:write'];
  const missing = () => reply(404, { message: 'Not Found' });
  const isShop = ({ owner, repo }: Readonly<Record<string, string>>) => owner === 'octo-org' && repo === 'shop';
  const page = (path: string, all: readonly object[], query: URLSearchParams) => {
    const size = Math.min(2, Number(query.get('per_page') ?? 30));
    const at = Number(query.get('page') ?? 1);
    const link = `<https://api.github.com${path}?page=${at + 1}&per_page=${size}>; rel="next", <https://api.github.com${path}?page=2>; rel="last"`;
    return reply(200, all.slice((at - 1) * size, at * size), at * size < all.length ? { link } : {});
  };

  return standIn({
    host: 'api.github.com',
    credential: (n) => ({ kind: 'bearer', token: `github_pat_double${String(n).padStart(10, '0')}` }),
    problem: (what) => ({ message: words[what], documentation_url: 'https://docs.github.com/rest' }),
    statuses: { limited: 403, rejected: 422 },
    routes: {
      'GET /rate_limit': { answer: () => reply(200, { resources: {} }) },
      'POST /repos/{owner}/{repo}/issues': {
        scope: 'issues:write',
        answer({ params, json, effect }) {
          if (!isShop(params)) return missing();
          const number = issues.length + 1;
          const issue = {
            number,
            title: String(json.title),
            state: 'open',
            html_url: `https://github.com/octo-org/shop/issues/${number}`,
            body: typeof json.body === 'string' ? json.body : '',
            user: { login: 'sluice' },
          };
          issues.push(issue);
          effect(`opened issue ${number}: ${issue.title}`);
          return reply(201, issue);
        },
      },
      'PATCH /repos/{owner}/{repo}/issues/{number}': {
        scope: 'issues:write',
        answer({ params, json, effect }) {
          const issue = issues.find(({ number }) => String(number) === params.number);
          if (!isShop(params) || issue === undefined) return missing();
          const before = JSON.stringify(issue);
          Object.assign(issue, json);
          if (JSON.stringify(issue) !== before) effect(`changed issue ${issue.number}`);
          return reply(200, issue);
        },
      },
      'POST /repos/{owner}/{repo}/issues/{number}/comments': {
        scope: 'issues:write',
        answer({ params, json, effect }) {
          if (!isShop(params) || !issues.some(({ number }) => String(number) === params.number)) return missing();
          comments += 1;
          effect(`commented on ${params.number}: ${json.body}`);
          return reply(201, {
            id: comments,
            html_url: `https://github.com/octo-org/shop/issues/${params.number}#issuecomment-${comments}`,
            body: json.body,
          });
        },
      },
      'GET /repos/{owner}/{repo}/issues/{number}': {
        scope: read,
        answer({ params }) {
          const issue = issues.find(({ number }) => String(number) === params.number);
          return !isShop(params) || issue === undefined ? missing() : reply(200, issue);
        },
      },
      'GET /repos/{owner}/{repo}/issues': {
        scope: read,
        answer: ({ params, query }) =>
          isShop(params) ? page('/repos/octo-org/shop/issues', issues, query) : missing(),
      },
      'GET /user/repos': {
        scope: 'metadata:read',
        answer: ({ query }) =>
          page(
            '/user/repos',
            ['shop', 'books', 'site'].map((name) => ({
              name,
              full_name: `octo-org/${name}`,
              private: true,
              owner: { login: 'octo-org', type: 'Organization' },
            })),
            query,
          ),
      },
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow}/dispatches': {
        scope: 'actions:write',
        answer({ params, json, effect }) {
          if (!isShop(params)) return missing();
          effect(`started ${params.workflow} on ${json.ref}`);
          return reply(204, null);
        },
      },
    },
  });
}

const words = {
  unauthorized: 'Bad credentials',
  forbidden: 'Resource not accessible by personal access token',
  missing: 'Not Found',
  limited: 'You have exceeded a secondary rate limit.',
  down: 'We are having trouble.',
  rejected: 'Validation Failed',
};
