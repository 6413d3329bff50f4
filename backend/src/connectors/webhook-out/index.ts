import { ConnectorError, field, replyError } from '@sluice/shared/connector';
import { z } from 'zod';
import { webhookOut } from './connector.js';

/** Standard Webhooks 1.0, "Deliverability and reliability": ten tries over three days, the first at once. */
const pauses = [5, 5 * 60, 30 * 60, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 3600)];

export const connector = webhookOut.build({
  actions: {
    'events.deliver': webhookOut.action({
      title: 'Deliver an event',
      description: 'Any answer but 2xx is a failure. The same webhook-id goes with each try of one step.',
      scopes: ['events.deliver'],
      effect: (_, { dropsRepeats }) => (dropsRepeats ? { class: 'keyed', header: 'webhook-id' } : { class: 'unsafe' }),
      method: 'POST',
      path: '/*',
      input: z.strictObject({
        type: z
          .string()
          .regex(/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/, 'words with dots: order.paid')
          .meta({ title: 'Type', description: 'order.paid' }),
        timestamp: field.time('Happened at').optional(),
        data: z.unknown().meta({ title: 'Data' }),
      }),
      output: z.object({ status: z.int() }),
      classes: { type: 'internal', timestamp: 'internal' },
      outputClasses: { status: 'internal' },
      replyFields: [],
      retrySchedule: { title: 'Standard Webhooks', pauses },
      sample: { input: { type: 'order.paid', data: { order: '1042' } }, output: { status: 204 } },
      async run(step, input) {
        const reply = await step.net.http({
          method: 'POST',
          url: step.config.url,
          headers: { 'webhook-id': step.idempotencyKey },
          body: input,
        });
        const { status } = reply;
        if (status === 410) {
          throw new ConnectorError(
            'rejected',
            'The receiver answered 410: it wants no more events. Stop sending them.',
            { status },
          );
        }
        const error = replyError(reply, 'The receiver');
        if (error !== null) throw error;
        if (status >= 300) {
          throw new ConnectorError(
            'rejected',
            `The receiver answered ${status}: deliveries follow no redirect, give its own address.`,
            { status },
          );
        }
        return { status };
      },
    }),
  },
  triggers: {},
});
