import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** acme.zendesk.com with three open tickets of ada@example.com. Two results a page. */
export function zendeskDouble(): ServiceDouble {
  const ticketOf = (id: number, subject: string, status: string) => ({
    id,
    subject,
    status,
    priority: null,
    tags: [],
    requester_id: 11,
    created_at: '2026-01-01T00:00:00Z',
  });
  const tickets = [1, 2, 3].map((id) => ticketOf(id, 'Where is my order?', 'open'));
  const users = new Map([['ada@example.com', { id: 11, email: 'ada@example.com', name: 'Ada Lovelace' }]]);
  const missing = () => reply(404, { error: 'RecordNotFound', description: 'Not found' });
  const find = (params: Readonly<Record<string, string>>) => tickets.find(({ id }) => String(id) === params.id);

  return standIn({
    host: 'acme.zendesk.com',
    credential: (n) => ({ kind: 'bearer', token: `double-zendesk-${String(n).padStart(16, '0')}` }),
    problem: (what) => ({ error: what, description: `Refused: ${what}` }),
    statuses: { rejected: 422 },
    routes: {
      'GET /api/v2/users/me.json': { answer: () => reply(200, { user: { id: 1 } }) },
      'POST /api/v2/tickets.json': {
        scope: 'tickets:write',
        answer({ json, effect }) {
          const { subject, comment } = json.ticket ?? {};
          if (typeof comment?.body !== 'string')
            return reply(422, { error: 'RecordInvalid', description: 'Description: cannot be blank' });
          const ticket = ticketOf(tickets.length + 1, String(subject), 'new');
          tickets.push(ticket);
          effect(`opened ticket ${ticket.id}: ${subject}`);
          return reply(201, { ticket });
        },
      },
      'PUT /api/v2/tickets/{id}.json': {
        scope: 'tickets:write',
        answer({ params, json, effect }) {
          const ticket = find(params);
          if (ticket === undefined) return missing();
          const { comment, ...changes } = json.ticket ?? {};
          const before = JSON.stringify(ticket);
          Object.assign(ticket, changes);
          if (JSON.stringify(ticket) !== before) effect(`changed ticket ${ticket.id}`);
          if (comment !== undefined) effect(`commented on ${ticket.id}: ${comment.body}`);
          return reply(200, { ticket });
        },
      },
      'GET /api/v2/tickets/{id}.json': {
        scope: 'tickets:read',
        answer({ params }) {
          const ticket = find(params);
          return ticket === undefined ? missing() : reply(200, { ticket });
        },
      },
      'GET /api/v2/search.json': {
        scope: 'read',
        answer({ query }) {
          if (query.get('query')?.startsWith('type:ticket ') !== true)
            return reply(422, { error: 'invalid', description: 'Invalid search' });
          const at = Number(query.get('page') ?? 1);
          const next =
            at * 2 < tickets.length
              ? `https://acme.zendesk.com/api/v2/search.json?page=${at + 1}&query=type%3Aticket+x`
              : null;
          return reply(200, { results: tickets.slice((at - 1) * 2, at * 2), count: tickets.length, next_page: next });
        },
      },
      'POST /api/v2/users/create_or_update.json': {
        scope: 'users:write',
        answer({ json, effect }) {
          const { email, name } = json.user ?? {};
          const known = users.get(email);
          const user = { id: known?.id ?? 11 + users.size, email, name };
          if (JSON.stringify(known) !== JSON.stringify(user)) effect(`set user ${email}`);
          users.set(email, user);
          return reply(known === undefined ? 201 : 200, { user });
        },
      },
    },
  });
}
