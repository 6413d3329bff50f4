import { type Ask, reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** acme.pipedrive.com: three people with ada@example.com, three deals. Two entries a page. */
export function pipedriveDouble(): ServiceDouble {
  const people = [1, 2, 3].map((id) => ({
    id,
    name: id === 1 ? 'Ada' : `Ada ${id}`,
    emails: [{ value: 'ada@example.com', primary: true, label: 'work' }],
  }));
  const dealOf = (id: number, title: string, fields: object) => ({
    id,
    title,
    status: 'open',
    value: 129,
    currency: 'EUR',
    stage_id: 1,
    ...fields,
  });
  const deals = [1, 2, 3].map((id) => dealOf(id, `Order ${1041 + id}`, {}));
  let notes = 0;
  const data = (status: number, value: unknown, more: object = {}) =>
    reply(status, { success: true, data: value, ...more });
  const no = (status: number, error: string) =>
    reply(status, { success: false, error, error_info: 'See the reference.' });
  const paged = (all: readonly object[], cursor: string | null, wrap: (page: readonly object[]) => unknown) => {
    const from = Number(cursor ?? 0);
    return data(200, wrap(all.slice(from, from + 2)), {
      additional_data: { next_cursor: from + 2 < all.length ? String(from + 2) : null },
    });
  };
  function change(found: object | undefined, what: string, { json, effect }: Ask) {
    if (found === undefined) return no(404, `${what} not found`);
    const before = JSON.stringify(found);
    Object.assign(found, json);
    if (JSON.stringify(found) !== before) effect(`changed ${what}`);
    return data(200, found);
  }

  return standIn({
    host: 'acme.pipedrive.com',
    credential: (n) => ({
      kind: 'apiKey',
      in: 'header',
      name: 'x-api-token',
      value: `doublepipedrive${String(n).padStart(16, '0')}`,
    }),
    problem: (what) => ({ success: false, error: `Refused: ${what}`, error_info: 'See the reference.' }),
    routes: {
      'GET /api/v1/users/me': { answer: () => data(200, { id: 1 }) },
      'POST /api/v2/persons': {
        scope: 'contacts:full',
        answer({ json, effect }) {
          if (typeof json.name !== 'string') return no(400, 'name is required');
          const created = { id: people.length + 1, name: json.name, emails: json.emails ?? [] };
          people.push(created);
          effect(`created person ${created.name}`);
          return data(201, created);
        },
      },
      'PATCH /api/v2/persons/{id}': {
        scope: 'contacts:full',
        answer: (ask) =>
          change(
            people.find(({ id }) => String(id) === ask.params.id),
            'person',
            ask,
          ),
      },
      'GET /api/v2/persons/search': {
        scope: 'search:read',
        answer({ query }) {
          if (query.get('fields') !== 'email' || query.get('exact_match') !== 'true')
            return no(400, 'the stand-in looks for exact addresses alone');
          const found = people.filter(({ emails }) => emails.some(({ value }) => value === query.get('term')));
          const items = found.map(({ id, name, emails }) => ({
            result_score: 1,
            item: { id, name, emails: emails.map(({ value }) => value) },
          }));
          return paged(items, query.get('cursor'), (page) => ({ items: page }));
        },
      },
      'POST /api/v2/deals': {
        scope: 'deals:full',
        answer({ json, effect }) {
          if (typeof json.title !== 'string') return no(400, 'title is required');
          const deal = dealOf(deals.length + 1, json.title, json);
          deals.push(deal);
          effect(`created deal ${deal.title}`);
          return data(201, deal);
        },
      },
      'PATCH /api/v2/deals/{id}': {
        scope: 'deals:full',
        answer: (ask) =>
          change(
            deals.find(({ id }) => String(id) === ask.params.id),
            'deal',
            ask,
          ),
      },
      'GET /api/v2/deals': {
        scope: ['deals:read', 'deals:full'],
        answer: ({ query }) => paged(deals, query.get('cursor'), (page) => page),
      },
      'POST /api/v1/notes': {
        scope: 'deals:full',
        answer({ json, effect }) {
          if (!deals.some(({ id }) => id === json.deal_id)) return no(404, 'Deal not found');
          notes += 1;
          effect(`noted on deal ${json.deal_id}: ${json.content}`);
          return data(201, { id: notes, content: json.content });
        },
      },
    },
  });
}
