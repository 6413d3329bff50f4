import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** Three templates and three bounces (gone@example.com, ...). Two templates a page. Mails have to come from example.org. */
export function sendgridDouble(): ServiceDouble {
  let mails = 0;
  const templates = ['Receipt', 'Welcome', 'Reminder'].map((name, at) => ({
    id: `d-000000000000000${at + 1}`,
    name,
    generation: 'dynamic',
  }));
  const bounces = ['gone', 'full', 'moved'].map((name) => ({
    email: `${name}@example.com`,
    reason: '550 no such user',
    status: '5.1.1',
    created: 1767225600,
  }));
  const wrong = (message: string, field: string) => reply(400, { errors: [{ message, field, help: null }] });

  return standIn({
    host: 'api.sendgrid.com',
    credential: (n) => ({ kind: 'bearer', token: `SG.double-${String(n).padStart(16, '0')}` }),
    problem: (what) => ({ errors: [{ message: words[what], field: null }] }),
    routes: {
      'GET /v3/scopes': { answer: () => reply(200, { scopes: [] }) },
      'POST /v3/mail/send': {
        scope: 'mail.send',
        answer({ json, effect }) {
          const to = json.personalizations?.[0]?.to;
          if (!Array.isArray(to) || to.length === 0) return wrong('The to array is required.', 'personalizations.0.to');
          if (!String(json.from?.email).endsWith('@example.org'))
            return reply(403, {
              errors: [{ message: 'The from address does not match a verified Sender Identity.', field: 'from' }],
            });
          if (json.template_id === undefined && !Array.isArray(json.content))
            return wrong('The content is required.', 'content');
          mails += 1;
          effect(
            `mailed ${to.map((one: { email: string }) => one.email).join(', ')}: ${json.subject ?? json.template_id}`,
          );
          return reply(202, null, { 'x-message-id': `double-message-${mails}` });
        },
      },
      'GET /v3/templates': {
        scope: 'templates.read',
        answer({ query }) {
          const from = Number(query.get('page_token') ?? 0);
          const next =
            from + 2 < templates.length ? { next: `https://api.sendgrid.com/v3/templates?page_token=${from + 2}` } : {};
          return reply(200, {
            result: templates.slice(from, from + 2),
            _metadata: { count: templates.length, ...next },
          });
        },
      },
      'GET /v3/suppression/bounces': {
        scope: 'suppression.bounces.read',
        answer({ query }) {
          const from = Number(query.get('offset') ?? 0);
          return reply(200, bounces.slice(from, from + Number(query.get('limit') ?? 500)));
        },
      },
      'DELETE /v3/suppression/bounces/{email}': {
        scope: 'suppression.bounces.delete',
        answer({ params, effect }) {
          const at = bounces.findIndex(({ email }) => email === params.email);
          if (at < 0) return reply(404, { errors: [{ message: 'not found', field: null }] });
          bounces.splice(at, 1);
          effect(`cleared ${params.email}`);
          return reply(204, null);
        },
      },
    },
  });
}

const words = {
  unauthorized: 'The provided authorization grant is invalid, expired, or revoked',
  forbidden: 'access forbidden',
  missing: 'not found',
  limited: 'too many requests',
  down: 'service unavailable',
  rejected: 'Bad Request',
};
