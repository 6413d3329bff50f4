import { deliveryLimits } from '@sluice/shared/connector';
import { z } from 'zod';
import { hubspot } from '../connector.js';

/** What HubSpot says of each; the rest depends on what was subscribed to. */
const eventSchema = z.looseObject({
  eventId: z.union([z.int(), z.string()]),
  /** `contact.creation`, `deal.propertyChange`; of newer apps `object.creation`, with an objectTypeId. */
  subscriptionType: z.string().min(1),
  objectId: z.union([z.int(), z.string()]).optional(),
  occurredAt: z.int().optional(),
  portalId: z.int().optional(),
  propertyName: z.string().optional(),
  propertyValue: z.string().nullish(),
  changeSource: z.string().optional(),
});
const deliverySchema = z.array(eventSchema).min(1).max(100);

export const eventsReceived = hubspot.trigger({
  title: 'Events received',
  description:
    'Starts a run for each delivery of an app’s subscriptions: up to 100 events of contacts, companies or deals, as a list to loop over. A delivery that is sent again holds the same events and starts nothing.',
  scopes: [],
  scheme: 'hubspot',
  params: z.strictObject(deliveryLimits),
  event: deliverySchema,
  // By the path of the list, which is the body itself. A property's new value may be anything, an address too.
  classes: {
    eventId: 'internal',
    subscriptionId: 'internal',
    portalId: 'internal',
    appId: 'internal',
    occurredAt: 'internal',
    subscriptionType: 'public',
    attemptNumber: 'public',
    objectId: 'internal',
    propertyName: 'internal',
    changeSource: 'internal',
  },
  accepts: (body) => deliverySchema.safeParse(body).success,
  sample: [
    {
      eventId: 100,
      subscriptionId: 12,
      portalId: 62515,
      appId: 54321,
      occurredAt: 1767225600000,
      subscriptionType: 'deal.propertyChange',
      attemptNumber: 0,
      objectId: 123,
      propertyName: 'dealstage',
      propertyValue: 'closedwon',
      changeSource: 'CRM_UI',
    },
    {
      eventId: 101,
      subscriptionId: 13,
      portalId: 62515,
      appId: 54321,
      occurredAt: 1767225601000,
      subscriptionType: 'contact.creation',
      attemptNumber: 0,
      objectId: 124,
      changeSource: 'CRM',
    },
  ],
});
