import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const root = '/v3/mg.example.org';

/** The domain mg.example.org with three bounces, two a page, and a next page after the last, as Mailgun has it. */
export function mailgunDouble(): ServiceDouble {
  let mails = 0;
  const unsubscribed = new Set<string>();
  const bounces = ['gone', 'full', 'moved'].map((name) => ({
    address: `${name}@example.com`,
    code: '550',
    error: 'No such user',
    created_at: 'Thu, 01 Jan 2026 00:00:00 UTC',
  }));

  return standIn({
    host: 'api.mailgun.net',
    credential: (n) => ({ kind: 'basic', username: 'api', password: `double-key-${String(n).padStart(16, '0')}` }),
    problem: (what) => (what === 'unauthorized' ? 'Forbidden' : { message: `Refused: ${what}` }),
    routes: {
      [`POST ${root}/messages`]: {
        answer({ form, effect }) {
          const to = form.getAll('to').join(', ');
          if (to === '') return reply(400, { message: 'to parameter is missing' });
          if (!['text', 'html', 'template'].some((name) => form.has(name)))
            return reply(400, { message: 'Need at least one of text, html or template parameters' });
          mails += 1;
          effect(`mailed ${to}: ${form.get('subject')}`);
          return reply(200, { id: `<${mails}.double@mg.example.org>`, message: 'Queued. Thank you.' });
        },
      },
      [`GET ${root}/bounces`]: {
        answer({ query }) {
          const from = Number(query.get('from') ?? 0);
          const next = `https://api.mailgun.net${root}/bounces?from=${from + 2}`;
          return reply(200, { items: bounces.slice(from, from + 2), paging: { next } });
        },
      },
      [`DELETE ${root}/bounces/{address}`]: {
        answer({ params, effect }) {
          const at = bounces.findIndex(({ address }) => address === params.address);
          if (at < 0) return reply(404, { message: 'Address not found in bounces table' });
          bounces.splice(at, 1);
          effect(`cleared ${params.address}`);
          return reply(200, { message: 'Bounced address has been removed', address: params.address });
        },
      },
      [`POST ${root}/unsubscribes`]: {
        answer({ form, effect }) {
          const entry = `${form.get('address')} ${form.get('tag')}`;
          if (!unsubscribed.has(entry)) effect(`unsubscribed ${entry}`);
          unsubscribed.add(entry);
          return reply(200, {
            message: 'Address has been added to the unsubscribes table',
            address: form.get('address'),
          });
        },
      },
    },
  });
}
