import { reply, type Route, type ServiceDouble, standIn } from '@sluice/shared/connector';

const uuid = (group: string, n: number) => `00000000-0000-4000-${group}-${String(n).padStart(12, '0')}`;
const address = (id: string) => `https://www.notion.so/${id.replaceAll('-', '')}`;

/** Three databases, the first with three pages. Two entries a page. It wants the version header, as Notion does. */
export function notionDouble(): ServiceDouble {
  const databases = [1, 2, 3].map((n) => uuid('9000', n));
  const pages = new Map<string, { archived: boolean; created_time: string; properties: Record<string, unknown> }>();
  for (const [at, order] of ['1042', '1040', '1041'].entries()) {
    pages.set(uuid('8000', at + 1), {
      archived: false,
      created_time: '2026-01-01T00:00:00.000Z',
      properties: { Name: { title: [{ text: { content: `Order ${order}` } }] } },
    });
  }
  let comments = 0;
  const shown = (id: string) => ({
    object: 'page',
    id,
    url: address(id),
    last_edited_time: '2026-01-01T00:00:00.000Z',
    ...pages.get(id),
  });
  const problem = (status: number, code: string, message: string) =>
    reply(status, { object: 'error', status, code, message });
  const missing = () =>
    problem(404, 'object_not_found', 'Could not find it. Make sure it is shared with your integration.');
  /** No route does anything for a request without the header. */
  const versioned = (routes: Readonly<Record<string, Route>>) =>
    Object.fromEntries(
      Object.entries(routes).map(([call, route]): [string, Route] => [
        call,
        {
          ...route,
          answer: (ask) =>
            ask.headers['notion-version'] === undefined
              ? problem(400, 'missing_version', 'Notion-Version header is missing')
              : route.answer(ask),
        },
      ]),
    );
  // oxlint-disable-next-line typescript/no-explicit-any -- a query as a client wrote it
  function found({ filter, sorts }: any) {
    const from = filter?.timestamp === 'created_time' ? filter.created_time?.on_or_after : undefined;
    const all = [...pages].filter(([, page]) => from === undefined || page.created_time >= from);
    if (sorts?.[0]?.timestamp === 'created_time')
      all.sort(([, one], [, other]) => one.created_time.localeCompare(other.created_time));
    return all.map(([id]) => shown(id));
  }
  const list = (all: readonly object[], cursor: unknown) => {
    const from = Number(cursor ?? 0);
    const isMore = from + 2 < all.length;
    return reply(200, {
      object: 'list',
      results: all.slice(from, from + 2),
      has_more: isMore,
      next_cursor: isMore ? String(from + 2) : null,
    });
  };

  return standIn({
    host: 'api.notion.com',
    credential: (n) => ({ kind: 'bearer', token: `ntn_double_${String(n).padStart(16, '0')}` }),
    problem: (what, status) => ({ object: 'error', status, code: codes[what], message: `Refused: ${what}` }),
    routes: versioned({
      'GET /v1/users/me': {
        answer: () => reply(200, { object: 'user', type: 'bot' }),
      },
      'POST /v1/pages': {
        scope: 'insert content',
        answer({ json, effect }) {
          if (!databases.includes(json.parent?.database_id)) return missing();
          const id = uuid('8000', pages.size + 1);
          pages.set(id, { archived: false, created_time: '2026-01-02T00:00:00.000Z', properties: json.properties });
          effect(`added ${JSON.stringify(json.properties)}`);
          return reply(200, shown(id));
        },
      },
      'PATCH /v1/pages/{page}': {
        scope: 'update content',
        answer({ params, json, effect }) {
          const page = pages.get(params.page ?? '');
          if (page === undefined) return missing();
          const before = JSON.stringify(page);
          page.properties = { ...page.properties, ...json.properties };
          page.archived = json.archived ?? page.archived;
          if (JSON.stringify(page) !== before) effect(`changed ${params.page}`);
          return reply(200, shown(params.page ?? ''));
        },
      },
      'GET /v1/pages/{page}': {
        scope: 'read content',
        answer: ({ params }) => (pages.has(params.page ?? '') ? reply(200, shown(params.page ?? '')) : missing()),
      },
      'POST /v1/databases/{database}/query': {
        scope: 'read content',
        isRead: true,
        answer: ({ params, json }) =>
          databases.includes(params.database ?? '') ? list(found(json), json.start_cursor) : missing(),
      },
      'POST /v1/search': {
        scope: 'read content',
        isRead: true,
        answer: ({ json }) =>
          list(
            databases.map((id, at) => ({
              object: 'database',
              id,
              url: address(id),
              title: [{ plain_text: ['Orders', 'Books', 'Team'][at] }],
            })),
            json.start_cursor,
          ),
      },
      'PATCH /v1/blocks/{page}/children': {
        scope: 'insert content',
        answer({ params, json, effect }) {
          if (!pages.has(params.page ?? '') || !Array.isArray(json.children)) return missing();
          effect(`added ${json.children.length} blocks to ${params.page}`);
          return reply(200, {
            object: 'list',
            results: json.children.map((_: unknown, at: number) => ({ object: 'block', id: uuid('a000', at + 1) })),
          });
        },
      },
      'POST /v1/comments': {
        scope: 'insert comments',
        answer({ json, effect }) {
          if (!pages.has(json.parent?.page_id)) return missing();
          comments += 1;
          effect(`commented: ${json.rich_text?.[0]?.text?.content}`);
          return reply(200, { object: 'comment', id: uuid('b000', comments) });
        },
      },
    }),
  });
}

const codes = {
  unauthorized: 'unauthorized',
  forbidden: 'restricted_resource',
  missing: 'object_not_found',
  limited: 'rate_limited',
  down: 'service_unavailable',
  rejected: 'validation_error',
};
