import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const channels = ['orders', 'refunds', 'general'].map((name, at) => ({
  id: `C0123ABC45${6 + at}`,
  name,
  is_channel: true,
  is_archived: false,
  is_member: at === 0,
}));

/**
 * A workspace with three channels (the bot is in #orders), ada@example.com, and one message of the bot. Two entries a page.
 * Slack refuses with 200 and `ok: false`; a channel `C0NOWHERE` does not exist.
 */
export function slackDouble(): ServiceDouble {
  const messages = new Map([['1767225000.000100', { type: 'message', user: 'U0BOT', text: 'Order 1042 is late.' }]]);
  for (const n of [1, 2])
    messages.set(`176722400${n}.000100`, { type: 'message', user: 'U0123ABC456', text: `Earlier ${n}` });
  const opened = new Map<string, string>();
  const no = (error: string) => reply(200, { ok: false, error });
  const page = (name: string, all: readonly object[], cursor: string | null) => {
    const from = Number(cursor ?? 0);
    const next = from + 2 < all.length ? String(from + 2) : '';
    return reply(200, { ok: true, [name]: all.slice(from, from + 2), response_metadata: { next_cursor: next } });
  };

  return standIn({
    host: 'slack.com',
    credential: (n) => ({ kind: 'bearer', token: `xoxb-double-${String(n).padStart(12, '0')}` }),
    problem: (what) => ({ ok: false, error: errors[what] }),
    statuses: { unauthorized: 200, forbidden: 200, rejected: 200 },
    routes: {
      'GET /api/auth.test': { answer: () => reply(200, { ok: true, team_id: 'T0123ABC456', user_id: 'U0BOT' }) },
      'POST /api/chat.postMessage': {
        scope: 'chat:write',
        answer({ json, effect }) {
          if (typeof json.channel !== 'string' || json.channel === 'C0NOWHERE') return no('channel_not_found');
          if (typeof json.text !== 'string' && !Array.isArray(json.blocks)) return no('no_text');
          const ts = `17672256${String(messages.size).padStart(2, '0')}.000100`;
          messages.set(ts, { type: 'message', user: 'U0BOT', text: json.text });
          effect(`posted to ${json.channel}: ${json.text}`);
          return reply(200, { ok: true, channel: json.channel, ts, message: { type: 'message', text: json.text, ts } });
        },
      },
      'POST /api/chat.update': {
        scope: 'chat:write',
        answer({ json, effect }) {
          const message = messages.get(json.ts);
          if (message === undefined) return no('message_not_found');
          if (message.user !== 'U0BOT') return no('cant_update_message');
          if (message.text !== json.text) effect(`changed ${json.ts}: ${json.text}`);
          message.text = json.text;
          return reply(200, { ok: true, channel: json.channel, ts: json.ts, text: json.text });
        },
      },
      'GET /api/conversations.history': {
        scope: 'channels:history',
        answer: ({ query }) =>
          page(
            'messages',
            [...messages].map(([ts, message]) => ({ ts, ...message })),
            query.get('cursor'),
          ),
      },
      'GET /api/conversations.list': {
        scope: 'channels:read',
        answer: ({ query }) => page('channels', channels, query.get('cursor')),
      },
      'GET /api/users.lookupByEmail': {
        scope: 'users:read.email',
        answer: ({ query }) =>
          query.get('email') === 'ada@example.com'
            ? reply(200, {
                ok: true,
                user: { id: 'U0123ABC456', name: 'ada', real_name: 'Ada Lovelace', deleted: false },
              })
            : no('users_not_found'),
      },
      'POST /api/conversations.open': {
        scope: 'im:write',
        answer({ json, effect }) {
          const id = opened.get(json.users) ?? `D0123ABC${opened.size}`;
          if (!opened.has(json.users)) effect(`opened a conversation with ${json.users}`);
          opened.set(json.users, id);
          return reply(200, { ok: true, channel: { id } });
        },
      },
    },
  });
}

const errors = {
  unauthorized: 'invalid_auth',
  forbidden: 'missing_scope',
  missing: 'unknown_method',
  limited: 'ratelimited',
  down: 'service_unavailable',
  rejected: 'invalid_arguments',
};
