import { deliveryLimits } from '@sluice/shared/connector';
import { z } from 'zod';
import { github } from '../connector.js';

// The event's name stands in a header that isn't signed, so a flow looks at what the body holds.
const eventSchema = z.looseObject({
  action: z.string().optional(),
  repository: z.looseObject({ full_name: z.string() }).optional(),
  sender: z.looseObject({ login: z.string() }).optional(),
});

export const eventReceived = github.trigger({
  title: 'Event received',
  description:
    'Starts a run for each event of a repository’s or organization’s webhook. A repeat is known by its X-GitHub-Delivery.',
  scopes: [],
  scheme: 'github',
  params: z.strictObject(deliveryLimits),
  event: eventSchema,
  classes: { action: 'public', 'repository.full_name': 'internal' },
  accepts: (body) => eventSchema.safeParse(body).success,
  sample: {
    action: 'opened',
    issue: { number: 7, title: 'Order 1042 failed' },
    repository: { full_name: 'octo-org/shop' },
    sender: { login: 'octocat' },
  },
});
