import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

/** Where workflows are started: Logic Apps by region, or the environment's own host of the Power Platform. */
const hostPattern = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:logic\.azure\.com|api\.powerplatform\.com)$/;

export const teams = declareConnector({
  id: 'teams',
  title: 'Microsoft Teams',
  description: 'Posts messages and cards to one channel or chat, through a workflow’s webhook.',
  icon: { name: 'brand-teams', color: '#5059C9' },
  category: 'chat',
  docs: 'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
  setup: [
    'In the channel choose Workflows, “Send webhook alerts to a channel” (or to a chat), and copy the address that it shows.',
    'Give its host as a setting, such as prod-12.westeurope.logic.azure.com, and the whole address as the secret: whoever has it can post.',
    'Name a second owner of the workflow: it stops when its only owner leaves.',
  ],
  auth: ['secretUrl'],
  credentials: { secretUrl: { title: 'Webhook address', help: 'All of it, with sig=… at its end.' } },
  config: z.strictObject({
    host: z
      .string()
      .regex(hostPattern, 'a host such as prod-12.westeurope.logic.azure.com, without https:// and :443')
      .meta({
        title: 'Host',
        description: 'Of the webhook address: what stands between https:// and the next : or /.',
      }),
  }),
  hosts: ({ host }) => [host],
  origin: ({ host }) => `https://${host}`,
  errors: { said: ['error.message'], code: 'error.code' },
  limits: {
    callsPerSecond: 1,
    burst: 4,
    says: '4 calls a second to a webhook; a workflow takes less by its plan: learn.microsoft.com, Create and send messages, Rate limiting',
  },
  scopes: { 'messages.write': { title: 'Post to the webhook’s channel or chat', risk: 'write', vendor: [] } },
});
