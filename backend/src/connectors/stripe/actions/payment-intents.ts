import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe, versionHeader as headers } from '../connector.js';
import { amount, currency, idOf, keyed, metadata, webAddress } from '../fields.js';

const payment_intent = idOf('pi', 'Payment intent');
const intentSchema = z.object({
  id: z.string(),
  amount: z.int(),
  amount_received: z.int(),
  currency: z.string(),
  status: z.string(),
  customer: z.string().nullable(),
  latest_charge: z.string().nullable(),
  created: z.int(),
});
const outputClasses = {
  id: 'internal',
  amount_received: 'internal',
  currency: 'internal',
  status: 'internal',
  latest_charge: 'internal',
  created: 'internal',
} as const;
const sample = {
  id: 'pi_3PqSampleIntent0001',
  amount: 12_900,
  amount_received: 0,
  currency: 'eur',
  status: 'requires_payment_method',
  customer: 'cus_QhSampleCustomer',
  latest_charge: null,
  created: 1_767_225_600,
};
/** What it takes to charge at once. */
const payFields = {
  payment_method: idOf('pm', 'Payment method', 'A saved one of the customer.').optional(),
  off_session: field
    .flag('Customer is away', 'On: it is charged without the customer, or fails where the bank wants to see one.')
    .optional(),
  return_url: webAddress('Return address').optional(),
};
const payClasses = { payment_method: 'payment', off_session: 'public', return_url: 'internal' } as const;

export const createIntent = stripe.call('POST /v1/payment_intents', {
  title: 'Create a payment intent',
  description: 'Asks for a payment; with Confirm at once it is charged to a saved payment method.',
  scopes: ['payments.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({
    amount,
    currency,
    customer: idOf('cus', 'Customer').optional(),
    confirm: field.flag('Confirm at once').optional(),
    ...payFields,
    capture_method: field
      .choice(['automatic', 'automatic_async', 'manual'], 'Capture', 'manual: authorised now, taken by Capture later.')
      .optional(),
    description: field.text('Description').max(1000).optional(),
    receipt_email: field.email('Receipt to').optional(),
    metadata,
  }),
  classes: {
    amount: 'payment',
    currency: 'internal',
    customer: 'personal',
    confirm: 'public',
    capture_method: 'public',
    ...payClasses,
  },
  outputClasses,
  output: intentSchema,
  sample: { input: { amount: 12_900, currency: 'eur', customer: 'cus_QhSampleCustomer' }, output: sample },
});

export const confirmIntent = stripe.call('POST /v1/payment_intents/{payment_intent}/confirm', {
  title: 'Confirm a payment intent',
  description: 'Charges it: to a saved payment method, or the one that it has.',
  scopes: ['payments.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({ payment_intent, ...payFields }),
  classes: { payment_intent: 'internal', ...payClasses },
  outputClasses,
  output: intentSchema,
  sample: {
    input: { payment_intent: 'pi_3PqSampleIntent0001', payment_method: 'pm_1PqSampleMethod', off_session: true },
    output: { ...sample, status: 'succeeded', amount_received: 12_900, latest_charge: 'ch_3PqSampleCharge0001' },
  },
});

export const captureIntent = stripe.call('POST /v1/payment_intents/{payment_intent}/capture', {
  title: 'Capture a payment intent',
  description: 'Takes the money that was authorised, or a part of it; the rest is let go.',
  scopes: ['payments.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({ payment_intent, amount_to_capture: amount.optional() }),
  classes: { payment_intent: 'internal', amount_to_capture: 'payment' },
  outputClasses: { ...outputClasses, amount_received: 'payment' },
  output: intentSchema,
  sample: {
    input: { payment_intent: 'pi_3PqSampleIntent0003', amount_to_capture: 12_900 },
    output: { ...sample, id: 'pi_3PqSampleIntent0003', status: 'succeeded', amount_received: 12_900 },
  },
});

export const cancelIntent = stripe.call('POST /v1/payment_intents/{payment_intent}/cancel', {
  title: 'Cancel a payment intent',
  description: 'It can’t be paid any more; what was authorised is let go. One that succeeded is refunded instead.',
  scopes: ['payments.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({
    payment_intent,
    cancellation_reason: field
      .choice(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'], 'Reason')
      .optional(),
  }),
  classes: { payment_intent: 'internal', cancellation_reason: 'internal' },
  outputClasses,
  output: intentSchema,
  sample: {
    input: { payment_intent: 'pi_3PqSampleIntent0002', cancellation_reason: 'abandoned' },
    output: { ...sample, id: 'pi_3PqSampleIntent0002', status: 'canceled' },
  },
});

export const getIntent = stripe.call('GET /v1/payment_intents/{payment_intent}', {
  title: 'Read a payment intent',
  description: 'One payment by its id, with its status.',
  scopes: ['payments.read'],
  headers,
  input: z.strictObject({ payment_intent }),
  classes: { payment_intent: 'internal' },
  outputClasses,
  output: intentSchema,
  sample: { input: { payment_intent: 'pi_3PqSampleIntent0001' }, output: sample },
});
