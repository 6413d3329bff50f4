import { deliveryLimits } from '@sluice/shared/connector';
import { z } from 'zod';
import { slack } from '../connector.js';

// https://docs.slack.dev/apis/events-api: the outer event of every delivery.
const eventSchema = z.looseObject({
  type: z.literal('event_callback'),
  event_id: z.string().min(1),
  event_time: z.int().optional(),
  team_id: z.string().optional(),
  event: z.looseObject({ type: z.string() }),
});

export const eventReceived = slack.trigger({
  title: 'Event received',
  description:
    'Starts a run for each event that the app subscribes to, such as app_mention or message.channels. Slack’s check of the request URL is answered.',
  scopes: [],
  scheme: 'slack',
  params: z.strictObject(deliveryLimits),
  event: eventSchema,
  classes: {
    type: 'public',
    event_id: 'internal',
    event_time: 'internal',
    team_id: 'internal',
    'event.type': 'public',
  },
  accepts: (body) => eventSchema.safeParse(body).success,
  dedupeBy: (body) => eventSchema.safeParse(body).data?.event_id ?? null,
  sample: {
    type: 'event_callback',
    event_id: 'Ev0123ABC456',
    event_time: 1767225600,
    team_id: 'T0123ABC456',
    event: { type: 'app_mention', user: 'U0123ABC456', text: 'refund order 1042', channel: 'C0123ABC456' },
  },
});
