import { type Ask, reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** Three templates (`receipt`, ...) and three bounces. Mails have to come from example.org. */
export function postmarkDouble(): ServiceDouble {
  let mails = 0;
  const templates = ['Receipt', 'Welcome', 'Reminder'].map((name, at) => ({
    TemplateId: at + 1,
    Name: name,
    Alias: name.toLowerCase(),
    Active: true,
  }));
  const bounces = ['gone', 'full', 'moved'].map((name, at) => ({
    ID: at + 1,
    Type: 'HardBounce',
    Email: `${name}@example.com`,
    BouncedAt: '2026-01-01T00:00:00Z',
    Inactive: true,
    CanActivate: true,
  }));
  const wrong = (code: number, message: string) => reply(422, { ErrorCode: code, Message: message });
  const slice = <Entry>(all: readonly Entry[], query: URLSearchParams) => {
    const from = Number(query.get('offset'));
    return all.slice(from, from + Number(query.get('count')));
  };
  function take({ From: from, To: to }: Ask['json'], what: string, effect: Ask['effect']) {
    if (!/@example\.org>?$/.test(String(from)))
      return wrong(400, 'The From address is not a Sender Signature on your account.');
    if (typeof to !== 'string') return wrong(300, 'Zero recipients specified');
    mails += 1;
    effect(`mailed ${to}: ${what}`);
    return reply(200, {
      To: to,
      SubmittedAt: '2026-01-01T00:00:00.0000000-00:00',
      MessageID: `00000000-0000-4000-8000-${String(mails).padStart(12, '0')}`,
      ErrorCode: 0,
      Message: 'OK',
    });
  }

  return standIn({
    host: 'api.postmarkapp.com',
    credential: (n) => ({
      kind: 'apiKey',
      in: 'header',
      name: 'X-Postmark-Server-Token',
      value: `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
    }),
    problem: (what) => ({ ErrorCode: codes[what], Message: `Refused: ${what}` }),
    statuses: { rejected: 422 },
    routes: {
      'GET /server': { answer: () => reply(200, { ID: 1, Name: 'Shop' }) },
      'POST /email': { answer: ({ json, effect }) => take(json, json.Subject, effect) },
      'POST /email/withTemplate': {
        answer({ json, effect }) {
          const found = templates.find(({ Alias }) => Alias === json.TemplateAlias);
          if (found === undefined) return wrong(1101, 'The template alias is not known.');
          return take(json, found.Name, effect);
        },
      },
      'GET /templates': {
        answer: ({ query }) => reply(200, { TotalCount: templates.length, Templates: slice(templates, query) }),
      },
      'GET /bounces': {
        answer: ({ query }) => reply(200, { TotalCount: bounces.length, Bounces: slice(bounces, query) }),
      },
      'PUT /bounces/{id}/activate': {
        answer({ params, effect }) {
          const bounce = bounces.find(({ ID }) => String(ID) === params.id);
          if (bounce === undefined) return wrong(407, 'Bounce was not found.');
          if (bounce.Inactive) effect(`reactivated ${bounce.Email}`);
          bounce.Inactive = false;
          return reply(200, { Message: 'OK', Bounce: bounce });
        },
      },
    },
  });
}

const codes = { unauthorized: 10, forbidden: 10, missing: 404, limited: 429, down: 100, rejected: 402 };
