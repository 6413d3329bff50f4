import { deliveryLimits, eventChoice } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe } from '../connector.js';
import { eventClasses, idOfEvent } from './event.js';
import { eventNames } from './event-names.js';

/** What every event has; what it is about depends on its type. */
const eventSchema = z.looseObject({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int().optional(),
  livemode: z.boolean().optional(),
  data: z.looseObject({ object: z.looseObject({ id: z.string().optional(), object: z.string().optional() }) }),
});

const event = (type: string, object: object) => ({
  id: `evt_3PqSample_${type}`,
  object: 'event',
  api_version: '2025-03-31.basil',
  created: 1_767_225_600,
  livemode: false,
  type,
  data: { object: { livemode: false, created: 1_767_225_590, customer: 'cus_QhSampleCustomer', ...object } },
});
const invoice = {
  id: 'in_1PqSampleInvoice',
  object: 'invoice',
  number: 'ACME-0042',
  status: 'paid',
  currency: 'eur',
  total: 12_900,
  amount_due: 12_900,
  amount_paid: 12_900,
  customer_email: 'ada@example.com',
  hosted_invoice_url: 'https://invoice.stripe.com/i/sample',
};
const subscription = {
  id: 'sub_1PqSampleSubscription',
  object: 'subscription',
  status: 'active',
  cancel_at_period_end: false,
  currency: 'eur',
};

const samples = Object.fromEntries(
  [
    event('invoice.paid', invoice),
    event('invoice.payment_failed', { ...invoice, status: 'open', amount_paid: 0, attempt_count: 1 }),
    event('customer.created', {
      id: 'cus_QhSampleCustomer',
      object: 'customer',
      email: 'ada@example.com',
      name: 'Ada Lovelace',
    }),
    event('customer.subscription.created', subscription),
    event('customer.subscription.updated', subscription),
    event('customer.subscription.deleted', { ...subscription, status: 'canceled' }),
    event('charge.refunded', {
      id: 'ch_3PqSampleCharge0001',
      object: 'charge',
      amount: 12_900,
      amount_refunded: 2500,
      currency: 'eur',
      refunded: false,
    }),
    event('charge.dispute.created', {
      id: 'dp_1PqSampleDispute',
      object: 'dispute',
      amount: 12_900,
      currency: 'eur',
      charge: 'ch_3PqSampleCharge0001',
      reason: 'fraudulent',
      status: 'needs_response',
    }),
    event('payment_intent.payment_failed', {
      id: 'pi_3PqSampleIntent0001',
      object: 'payment_intent',
      amount: 12_900,
      currency: 'eur',
      status: 'requires_payment_method',
    }),
  ].map((one) => [one.type, one]),
);

export const eventReceived = stripe.trigger({
  title: 'Event received',
  description:
    'Starts a run for each event of the endpoint, or for those that are chosen: invoices, subscriptions, customers, disputes, payouts. For money that arrived there is Payment received.',
  scopes: [],
  scheme: 'stripe',
  params: z.strictObject({ ...eventChoice(eventNames), ...deliveryLimits }),
  event: eventSchema,
  classes: {
    ...eventClasses,
    'data.object.number': 'internal',
    'data.object.reason': 'internal',
    'data.object.amount_due': 'internal',
    'data.object.amount_paid': 'internal',
    'data.object.amount_refunded': 'internal',
    'data.object.total': 'internal',
    'data.object.attempt_count': 'internal',
    'data.object.refunded': 'internal',
    'data.object.charge': 'internal',
    'data.object.cancel_at_period_end': 'internal',
  },
  accepts: (body) => eventSchema.safeParse(body).success,
  events: { kindOf: ({ body }) => z.object({ type: z.string() }).safeParse(body).data?.type ?? null, samples },
  dedupeBy: idOfEvent,
  sample: event('invoice.paid', invoice),
});
