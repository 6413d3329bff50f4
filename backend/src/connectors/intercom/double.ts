import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** Three contacts with ada@example.com (leads may share an address), the tag 7, the conversation 500. Two found a page. */
export function intercomDouble(): ServiceDouble {
  const contactOf = (n: number, fields: object) => ({
    type: 'contact',
    id: `contactDouble${n}`,
    role: 'user',
    email: '',
    name: '',
    external_id: null,
    ...fields,
  });
  const contacts = [1, 2, 3].map((n) =>
    contactOf(n, { role: n === 1 ? 'user' : 'lead', email: 'ada@example.com', name: 'Ada' }),
  );
  const tagged = new Set<string>();
  let conversations = 500;
  const no = (status: number, code: string, message: string) =>
    reply(status, { type: 'error.list', errors: [{ code, message }] });
  const find = (id: string | undefined) => contacts.find((one) => one.id === id);
  const missing = () => no(404, 'not_found', 'Resource Not Found');

  return standIn({
    host: 'api.intercom.io',
    credential: (n) => ({ kind: 'bearer', token: `dG9rDouble${String(n).padStart(16, '0')}` }),
    problem: (what) => ({ type: 'error.list', errors: [{ code: codes[what], message: `Refused: ${what}` }] }),
    routes: {
      'GET /me': { answer: () => reply(200, { type: 'admin', id: '1' }) },
      'POST /contacts': {
        scope: 'Write users and companies',
        answer({ json, effect }) {
          if (contacts.some(({ email, role }) => email === json.email && role === json.role))
            return no(409, 'conflict', 'A contact matching those details already exists');
          const contact = contactOf(contacts.length + 1, json);
          contacts.push(contact);
          effect(`created ${contact.email}`);
          return reply(200, contact);
        },
      },
      'PUT /contacts/{contact}': {
        scope: 'Write users and companies',
        answer({ params, json, effect }) {
          const contact = find(params.contact);
          if (contact === undefined) return missing();
          const before = JSON.stringify(contact);
          Object.assign(contact, json);
          if (JSON.stringify(contact) !== before) effect(`changed ${contact.id}`);
          return reply(200, contact);
        },
      },
      'POST /contacts/search': {
        scope: 'Read and list users and companies',
        isRead: true,
        answer({ json }) {
          const found = contacts.filter(({ email }) => email === json.query?.value);
          const from = Number(json.pagination?.starting_after ?? 0);
          const next = from + 2 < found.length ? { next: { page: 2, starting_after: String(from + 2) } } : {};
          return reply(200, { type: 'list', data: found.slice(from, from + 2), pages: { type: 'pages', ...next } });
        },
      },
      'POST /contacts/{contact}/tags': {
        scope: 'Write users and companies',
        answer({ params, json, effect }) {
          if (find(params.contact) === undefined || json.id !== '7') return missing();
          if (!tagged.has(params.contact ?? '')) effect(`tagged ${params.contact}`);
          tagged.add(params.contact ?? '');
          return reply(200, { type: 'tag', id: '7', name: 'customer' });
        },
      },
      'POST /conversations': {
        scope: 'Write conversations',
        answer({ json, effect }) {
          if (find(json.from?.id) === undefined) return missing();
          conversations += 1;
          effect(`started ${conversations}: ${json.body}`);
          return reply(200, { type: 'user_message', id: '1', conversation_id: String(conversations), body: json.body });
        },
      },
      'POST /conversations/{conversation}/reply': {
        scope: 'Write conversations',
        answer({ params, json, effect }) {
          if (params.conversation !== '500') return missing();
          if (json.type !== 'admin' || typeof json.admin_id !== 'string')
            return no(400, 'parameter_invalid', 'admin_id is missing');
          effect(`answered in 500: ${json.body}`);
          return reply(200, { type: 'conversation', id: '500', state: 'open' });
        },
      },
    },
  });
}

const codes = {
  unauthorized: 'token_unauthorized',
  forbidden: 'api_plan_restricted',
  missing: 'not_found',
  limited: 'rate_limit_exceeded',
  down: 'service_unavailable',
  rejected: 'parameter_invalid',
};
