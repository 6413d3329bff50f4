import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

interface Member {
  status: string;
  merge_fields: Record<string, unknown>;
  tags: Set<string>;
}

/** us6: three audiences, the first (double1) with ada@, grace@ and joan@example.com. */
export function mailchimpDouble(): ServiceDouble {
  const members = new Map<string, Member>(
    ['ada', 'grace', 'joan'].map((name) => [
      `${name}@example.com`,
      { status: 'subscribed', merge_fields: { FNAME: name }, tags: new Set() },
    ]),
  );
  const problem = (status: number, title: string, detail: string) =>
    reply(status, { type: 'about:blank', title, status, detail });
  const missing = () => problem(404, 'Resource Not Found', 'The requested resource could not be found.');
  const shown = (email: string) => {
    const member = members.get(email);
    return { id: `${email}-id`, email_address: email, status: member?.status, merge_fields: member?.merge_fields };
  };
  const slice = <Entry>(all: readonly Entry[], query: URLSearchParams) => {
    const from = Number(query.get('offset') ?? 0);
    return all.slice(from, from + Number(query.get('count') ?? 10));
  };
  const isHere = (params: Readonly<Record<string, string>>) => params.audience === 'double1';
  const place = '/3.0/lists/{audience}/members/{email}';

  return standIn({
    host: 'us6.api.mailchimp.com',
    credential: (n) => ({ kind: 'basic', username: 'sluice', password: `double${String(n).padStart(26, '0')}-us6` }),
    problem: (what, status) => ({ type: 'about:blank', title: what, status, detail: `Refused: ${what}` }),
    routes: {
      'GET /3.0/ping': { answer: () => reply(200, { health_status: "Everything's Chimpy!" }) },
      'GET /3.0/lists': {
        answer: ({ query }) =>
          reply(200, {
            lists: slice(
              ['Shop', 'Books', 'Team'].map((name, at) => ({ id: `double${at + 1}`, name })),
              query,
            ),
          }),
      },
      'GET /3.0/lists/{audience}/members': {
        answer: ({ params, query }) =>
          isHere(params) ? reply(200, { members: slice([...members.keys()], query).map(shown) }) : missing(),
      },
      [`PUT ${place}`]: {
        answer({ params, json, effect }) {
          const { email = '' } = params;
          if (!isHere(params)) return missing();
          if (json.email_address !== email)
            return problem(400, 'Invalid Resource', 'The address is not the one of the path.');
          const known = members.get(email);
          const before = JSON.stringify(shown(email));
          members.set(email, {
            status: json.status ?? known?.status ?? json.status_if_new,
            merge_fields: { ...known?.merge_fields, ...json.merge_fields },
            tags: known?.tags ?? new Set(),
          });
          if (JSON.stringify(shown(email)) !== before) effect(`set ${email}`);
          return reply(200, shown(email));
        },
      },
      [`GET ${place}`]: {
        answer: ({ params }) =>
          isHere(params) && members.has(params.email ?? '') ? reply(200, shown(params.email ?? '')) : missing(),
      },
      [`POST ${place}/tags`]: {
        answer({ params, json, effect }) {
          const member = members.get(params.email ?? '');
          if (!isHere(params) || member === undefined) return missing();
          const before = [...member.tags].join();
          for (const { name, status } of json.tags ?? []) {
            if (status === 'active') member.tags.add(name);
            else member.tags.delete(name);
          }
          if ([...member.tags].join() !== before) effect(`tagged ${params.email}`);
          return reply(204, null);
        },
      },
      [`DELETE ${place}`]: {
        answer({ params, effect }) {
          if (!isHere(params) || !members.delete(params.email ?? '')) return missing();
          effect(`archived ${params.email}`);
          return reply(204, null);
        },
      },
    },
  });
}
