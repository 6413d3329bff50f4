import { deliveryLimits } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe } from '../connector.js';
import { eventClasses, idOfEvent } from './event.js';

/** Only what this trigger needs is asked for: an endpoint's own API version decides the rest. */
const eventSchema = z.looseObject({
  id: z.string().min(1),
  type: z.enum(['payment_intent.succeeded', 'charge.succeeded', 'checkout.session.completed']),
  created: z.int().optional(),
  livemode: z.boolean().optional(),
  data: z.looseObject({
    /** A payment intent, a charge or a checkout session, as `object` says. */
    object: z.looseObject({
      id: z.string(),
      object: z.string().optional(),
      currency: z.string().nullish(),
      amount: z.int().optional(),
      amount_received: z.int().optional(),
      amount_total: z.int().nullish(),
      captured: z.boolean().optional(),
      payment_status: z.string().optional(),
      customer: z.unknown().optional(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

export const paymentReceived = stripe.trigger({
  title: 'Payment received',
  description: 'Starts a run for each payment that Stripe reports as made.',
  scopes: [],
  scheme: 'stripe',
  params: z.strictObject({
    respond: z
      .enum(['accepted', 'result'])
      .default('accepted')
      .meta({ title: 'Answer', description: 'accepted: at once. result: after the flow’s respond step.' }),
    ...deliveryLimits,
  }),
  event: eventSchema,
  classes: {
    ...eventClasses,
    'data.object.amount_capturable': 'internal',
    'data.object.amount_received': 'internal',
    'data.object.amount_total': 'internal',
    'data.object.capture_method': 'internal',
    'data.object.captured': 'internal',
    'data.object.latest_charge': 'internal',
    'data.object.payment_status': 'internal',
    'data.object.customer': 'personal',
    'data.object.metadata': 'personal',
    'data.object.receipt_email': 'personal',
    'data.object.payment_method_types': 'internal',
  },
  accepts(body) {
    const event = eventSchema.safeParse(body);
    if (!event.success) return false;
    const { captured = true, payment_status = 'paid' } = event.data.data.object;
    // An authorised charge is money only once it is captured; a checkout by a slow method completes unpaid.
    return captured && payment_status === 'paid';
  },
  dedupeBy: idOfEvent,
  sample: {
    id: 'evt_3PqSampleEvent0001',
    object: 'event',
    api_version: '2025-03-31.basil',
    created: 1767225600,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: 'payment_intent.succeeded',
    data: {
      object: {
        id: 'pi_3PqSampleIntent0001',
        object: 'payment_intent',
        amount: 12900,
        amount_capturable: 0,
        amount_received: 12900,
        capture_method: 'automatic_async',
        created: 1767225590,
        currency: 'eur',
        customer: 'cus_QhSampleCustomer',
        description: 'Order 1042',
        latest_charge: 'ch_3PqSampleCharge0001',
        livemode: false,
        metadata: { order: 'ord_1042' },
        payment_method: 'pm_1PqSampleMethod',
        payment_method_types: ['card'],
        receipt_email: 'ada@example.com',
        status: 'succeeded',
      },
    },
  },
});
