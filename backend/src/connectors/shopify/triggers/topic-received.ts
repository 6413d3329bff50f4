import { deliveryLimits, eventChoice } from '@sluice/shared/connector';
import { z } from 'zod';
import { shopify } from '../connector.js';
import { samples } from './samples.js';
import { topics } from './topics.js';

// Not all topics have an id: inventory_levels/update has none.
const eventSchema = z.looseObject({ id: z.union([z.int(), z.string()]).optional() });

export const topicReceived = shopify.trigger({
  title: 'Webhook received',
  description:
    'Starts a run for each delivery, or for those of chosen topics such as orders/paid. A repeat is known by its X-Shopify-Webhook-Id.',
  scopes: [],
  scheme: 'shopify',
  params: z.strictObject({ ...eventChoice(topics), ...deliveryLimits }),
  event: eventSchema,
  classes: {
    id: 'internal',
    order_id: 'internal',
    name: 'internal',
    currency: 'internal',
    total_price: 'internal',
    financial_status: 'internal',
    fulfillment_status: 'internal',
    inventory_item_id: 'internal',
    location_id: 'internal',
    available: 'internal',
    sku: 'internal',
    vendor: 'internal',
    status: 'internal',
  },
  accepts: (body) => eventSchema.safeParse(body).success,
  events: { kindOf: ({ header }) => header('x-shopify-topic'), samples },
  sample: samples['orders/paid'],
});
