import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const account = `AC${'0'.repeat(32)}`;
const root = `/2010-04-01/Accounts/${account}`;

/** The account AC000… with three messages, the first of them delivered. Two entries a page. `+15005550001` is no number. */
export function twilioDouble(): ServiceDouble {
  const message = (n: number, status: string, sent: { to: string; from: string | null; body: string }) => ({
    sid: `SM${String(n).padStart(32, '0')}`,
    account_sid: account,
    status,
    ...sent,
    error_code: null,
    date_created: 'Thu, 01 Jan 2026 00:00:00 +0000',
  });
  const messages = [1, 2, 3].map((n) =>
    message(n, 'delivered', { to: '+14155550100', from: '+14155550199', body: `Order ${n}` }),
  );
  const wrong = (code: number, text: string) => reply(400, { code, message: text, status: 400 });

  return standIn({
    host: 'api.twilio.com',
    credential: (n) => ({
      kind: 'basic',
      username: `SK${String(n).padStart(32, '0')}`,
      password: `double-secret-${String(n).padStart(18, '0')}`,
    }),
    problem: (what, status) => ({ code: codes[what], message: `Refused: ${what}`, status }),
    routes: {
      [`POST ${root}/Messages.json`]: {
        answer({ form, effect }) {
          const to = form.get('To');
          const from = form.get('From') ?? form.get('MessagingServiceSid');
          const body = form.get('Body');
          if (to === null || to === '+15005550001') return wrong(21211, "The 'To' number is not a valid phone number.");
          if (from === null || body === null) return wrong(21603, "A 'From' phone number is required.");
          const sent = message(messages.length + 1, 'queued', { to, from: form.get('From'), body });
          messages.unshift(sent);
          effect(`sent to ${to}: ${body}`);
          return reply(201, sent);
        },
      },
      [`GET ${root}/Messages/{sid}.json`]: {
        answer({ params }) {
          const found = messages.find(({ sid }) => sid === params.sid);
          return found === undefined
            ? reply(404, { code: 20404, message: 'Not found', status: 404 })
            : reply(200, found);
        },
      },
      [`GET ${root}/Messages.json`]: {
        answer({ query }) {
          const at = Number(query.get('Page') ?? 0);
          const next = (at + 1) * 2 < messages.length ? `${root}/Messages.json?PageSize=2&Page=${at + 1}` : null;
          return reply(200, { messages: messages.slice(at * 2, at * 2 + 2), page: at, next_page_uri: next });
        },
      },
      [`POST ${root}/Calls.json`]: {
        answer({ form, effect }) {
          if (!form.has('Twiml') && !form.has('Url')) return wrong(21205, 'Url parameter is required.');
          effect(`called ${form.get('To')}`);
          return reply(201, { sid: `CA${'0'.repeat(31)}1`, status: 'queued', to: form.get('To') });
        },
      },
    },
  });
}

const codes = { unauthorized: 20003, forbidden: 20003, missing: 20404, limited: 20429, down: 20503, rejected: 21211 };
