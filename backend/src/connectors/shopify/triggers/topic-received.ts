import { deliveryLimits } from '@sluice/shared/connector';
import { z } from 'zod';
import { shopify } from '../connector.js';

// The topic stands in a header that isn't signed: an endpoint takes one topic, and the flow looks at the body. Not all
// have an id: inventory_levels/update has none.
const eventSchema = z.looseObject({ id: z.union([z.int(), z.string()]).optional() });

export const topicReceived = shopify.trigger({
  title: 'Webhook received',
  description:
    'Starts a run for each delivery of a topic such as orders/paid. A repeat is known by its X-Shopify-Webhook-Id.',
  scopes: [],
  scheme: 'shopify',
  params: z.strictObject(deliveryLimits),
  event: eventSchema,
  classes: { id: 'internal', name: 'internal', currency: 'internal', total_price: 'internal' },
  accepts: (body) => eventSchema.safeParse(body).success,
  sample: {
    id: 1042,
    name: '#1042',
    email: 'ada@example.com',
    currency: 'EUR',
    total_price: '129.00',
    financial_status: 'paid',
  },
});
