import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { slackWebhook } from './connector.js';

export const connector = slackWebhook.build({
  actions: {
    'messages.post': slackWebhook.call('POST /', {
      title: 'Post a message',
      description: 'Slack drops no repeats, and what was posted can’t be changed through a webhook.',
      scopes: ['messages.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        text: field.text('Text', 'Slack’s mrkdwn: *bold*, <https://example.com|a link>.').max(40_000),
        blocks: z
          .array(z.record(z.string(), z.unknown()))
          .max(50)
          .optional()
          .meta({ title: 'Blocks', description: 'Block Kit; the text is then what notifications show.' }),
      }),
      // It answers with the word ok.
      reply: z.unknown(),
      output: z.object({ posted: z.boolean() }),
      outputClasses: { posted: 'public' },
      read: () => ({ posted: true }),
      sample: { input: { text: 'Order 1042 was refunded.' }, output: { posted: true } },
    }),
  },
  triggers: {},
});
