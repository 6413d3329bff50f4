import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const origin = 'https://slack.com';

// https://docs.slack.dev/reference/methods/chat.postMessage#errors and its neighbours
const errors = {
  okay: 'ok',
  code: 'error',
  codes: {
    invalid_auth: 'unauthorized',
    not_authed: 'unauthorized',
    token_revoked: 'unauthorized',
    token_expired: 'unauthorized',
    account_inactive: 'unauthorized',
    missing_scope: 'unauthorized',
    no_permission: 'unauthorized',
    ratelimited: 'rate-limited',
    rate_limited: 'rate-limited',
    service_unavailable: 'unavailable',
    // "It's possible some aspect of the operation succeeded before the error was raised."
    internal_error: { code: 'unavailable', uncertain: true },
    fatal_error: { code: 'unavailable', uncertain: true },
  },
} as const;

export const slack = declareConnector({
  id: 'slack',
  title: 'Slack',
  description: 'Posts and changes messages, and reads channels and people, of a Slack workspace.',
  icon: { name: 'slack', color: '#4A154B' },
  category: 'chat',
  docs: 'https://docs.slack.dev/reference/methods',
  setup: [
    'Make an app at api.slack.com/apps, from scratch, in the workspace that the flow is for.',
    'Under OAuth & Permissions add the bot token scopes that the flow’s scopes name, and no others.',
    'Install the app and copy the bot token (xoxb-…) into the connection.',
    'Invite the bot to each channel that it posts to: /invite @name.',
  ],
  auth: ['bearer'],
  credentials: {
    bearer: {
      title: 'Bot token',
      help: 'Begins with xoxb-. A user’s token (xoxp-) can do what that person can: don’t use one.',
    },
  },
  config: z.strictObject({}),
  hosts: ['slack.com'],
  origin,
  errors,
  limits: {
    callsPerSecond: 1,
    burst: 10,
    says: 'One message a second and channel, with short bursts; other methods by tiers, 20 to 100 a minute: docs.slack.dev/apis/web-api/rate-limits',
  },
  scopes: {
    'messages.write': { title: 'Post and change its own messages', risk: 'write', vendor: ['chat:write'] },
    'messages.read': { title: 'Read messages of public channels it is in', risk: 'bulk', vendor: ['channels:history'] },
    'channels.read': { title: 'List public channels', risk: 'read', vendor: ['channels:read'] },
    'people.find': { title: 'Find a person by e-mail', risk: 'read', vendor: ['users:read.email'] },
    'people.write': { title: 'Open conversations with people', risk: 'write', vendor: ['im:write'] },
  },
  probe: { path: '/api/auth.test' },
});
