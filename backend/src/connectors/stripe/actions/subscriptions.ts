import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe, versionHeader as headers } from '../connector.js';
import { idOf, keyed, pages } from '../fields.js';

const subscription = idOf('sub', 'Subscription');
const subscriptionSchema = z.object({
  id: z.string(),
  status: z.string(),
  customer: z.string(),
  currency: z.string(),
  created: z.int(),
  cancel_at_period_end: z.boolean(),
  cancel_at: z.int().nullable(),
  canceled_at: z.int().nullable(),
  ended_at: z.int().nullable(),
});
const outputClasses = {
  id: 'internal',
  status: 'internal',
  currency: 'internal',
  created: 'internal',
  cancel_at_period_end: 'internal',
  cancel_at: 'internal',
  canceled_at: 'internal',
  ended_at: 'internal',
} as const;
const sample = {
  id: 'sub_1PqSampleSubscription',
  status: 'active',
  customer: 'cus_QhSampleCustomer',
  currency: 'eur',
  created: 1_767_225_600,
  cancel_at_period_end: false,
  cancel_at: null,
  canceled_at: null,
  ended_at: null,
};

export const getSubscription = stripe.call('GET /v1/subscriptions/{subscription}', {
  title: 'Read a subscription',
  description: 'One subscription by its id, with its status.',
  scopes: ['subscriptions.read'],
  headers,
  input: z.strictObject({ subscription }),
  classes: { subscription: 'internal' },
  outputClasses,
  output: subscriptionSchema,
  sample: { input: { subscription: 'sub_1PqSampleSubscription' }, output: sample },
});

export const listSubscriptions = stripe.list('GET /v1/subscriptions', {
  title: 'List subscriptions',
  description: 'The newest first. Without a status those that have not ended.',
  scopes: ['subscriptions.read'],
  headers,
  input: z.strictObject({
    customer: idOf('cus', 'Customer').optional(),
    status: field
      .choice(
        ['active', 'past_due', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired', 'trialing', 'paused', 'all'],
        'Status',
      )
      .optional(),
  }),
  classes: { customer: 'personal', status: 'public' },
  outputClasses: Object.fromEntries(Object.entries(outputClasses).map(([name, is]) => [`items.${name}`, is])),
  pages: pages(),
  items: 'data',
  item: subscriptionSchema,
  sample: { input: {}, items: [sample] },
});

export const endSubscription = stripe.call('POST /v1/subscriptions/{subscription}', {
  title: 'End a subscription with its period',
  description: 'It runs to the end of what was paid for and is not renewed; off: it is renewed after all.',
  scopes: ['subscriptions.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({
    subscription,
    cancel_at_period_end: field.flag('Ends with its period').default(true),
  }),
  classes: { subscription: 'internal', cancel_at_period_end: 'internal' },
  outputClasses,
  output: subscriptionSchema,
  sample: {
    input: { subscription: 'sub_1PqSampleSubscription' },
    output: { ...sample, cancel_at_period_end: true, cancel_at: 1_769_904_000, canceled_at: 1_767_225_700 },
  },
});

export const cancelSubscription = stripe.call('DELETE /v1/subscriptions/{subscription}', {
  title: 'Cancel a subscription at once',
  description:
    'It ends now, for good. A DELETE takes no key, and a second one finds no subscription: a person decides.',
  scopes: ['subscriptions.write'],
  effect: { class: 'unsafe' },
  headers,
  input: z.strictObject({
    subscription,
    invoice_now: field.flag('Invoice what is due').optional(),
    prorate: field.flag('Credit unused time').optional(),
  }),
  classes: { subscription: 'internal', invoice_now: 'public', prorate: 'public' },
  outputClasses,
  output: subscriptionSchema,
  sample: {
    input: { subscription: 'sub_1PqSampleSubscription' },
    output: { ...sample, status: 'canceled', canceled_at: 1_767_225_700, ended_at: 1_767_225_700 },
  },
});
