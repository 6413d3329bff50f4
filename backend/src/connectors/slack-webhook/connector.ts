import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

export const slackWebhook = declareConnector({
  id: 'slack-webhook',
  title: 'Slack incoming webhook',
  description: 'Posts to the one channel of a webhook, and can do nothing else.',
  icon: { name: 'brand-slack', color: '#611F69' },
  category: 'chat',
  docs: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
  setup: [
    'In your Slack app turn on Incoming Webhooks, add one to the channel, and copy its address.',
    'Prefer it to the Slack connector where a flow only has to tell one channel something: no token is needed.',
  ],
  auth: ['secretUrl'],
  credentials: { secretUrl: { title: 'Webhook address', help: 'Begins with https://hooks.slack.com/services/.' } },
  config: z.strictObject({}),
  hosts: ['hooks.slack.com'],
  origin: 'https://hooks.slack.com',
  limits: {
    callsPerSecond: 1,
    burst: 3,
    says: '1 message a second and channel, short bursts apart: docs.slack.dev/apis/web-api/rate-limits',
  },
  scopes: { 'messages.write': { title: 'Post to the webhook’s channel', risk: 'write', vendor: ['incoming-webhook'] } },
});
