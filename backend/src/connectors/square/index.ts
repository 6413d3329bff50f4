import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { square, versionHeader } from './connector.js';

const moneySchema = z.object({ amount: z.int(), currency: z.string() });
const payment = field.id('Payment', 'Its id.');
const paymentSchema = z.object({
  id: z.string(),
  status: z.string(),
  created_at: z.string(),
  location_id: z.string().optional(),
  amount_money: moneySchema,
  refunded_money: moneySchema.optional(),
});
const paymentClasses = {
  id: 'internal',
  status: 'internal',
  created_at: 'internal',
  location_id: 'internal',
  amount_money: 'internal',
  refunded_money: 'internal',
} as const;
const samplePayment = {
  id: 'payDouble1',
  status: 'COMPLETED',
  created_at: '2026-01-01T00:00:00.000Z',
  location_id: 'LDOUBLE1',
  amount_money: { amount: 12900, currency: 'EUR' },
};
const refundSchema = z.object({
  id: z.string(),
  status: z.string(),
  payment_id: z.string(),
  amount_money: moneySchema,
});
const customerSchema = z.object({
  id: z.string(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  email_address: z.string().optional(),
  reference_id: z.string().optional(),
});
const sampleCustomer = { id: 'CUSTDOUBLE4', given_name: 'Ada', email_address: 'ada@example.com' };

export const connector = square.build({
  actions: {
    'refunds.create': square.call('POST /v2/refunds', {
      title: 'Refund a payment',
      description: 'Whole or in part. A repeat with the same key gives the first refund again.',
      scopes: ['refunds.write'],
      effect: { class: 'keyed', field: 'idempotency_key' },
      headers: versionHeader,
      input: z.strictObject({
        payment_id: payment,
        amount: field.count('Amount', 'In the smallest unit of the currency (cents).'),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, 'three letters, EUR')
          .meta({ title: 'Currency' }),
        reason: field.text('Reason').max(192).optional(),
      }),
      classes: { payment_id: 'internal', amount: 'payment', currency: 'internal' },
      // The amount comes back as it was sent, whatever it held.
      outputClasses: { id: 'internal', status: 'internal', payment_id: 'internal' },
      body: ({ amount, currency, ...rest }) => ({ ...rest, amount_money: { amount, currency } }),
      reply: z.object({ refund: refundSchema }),
      output: refundSchema,
      read: ({ refund }) => refund,
      sample: {
        input: { payment_id: 'payDouble1', amount: 2500, currency: 'EUR' },
        output: {
          id: 'refDouble1',
          status: 'PENDING',
          payment_id: 'payDouble1',
          amount_money: { amount: 2500, currency: 'EUR' },
        },
      },
    }),
    'payments.get': square.call('GET /v2/payments/{payment}', {
      title: 'Read a payment',
      description: 'One payment by its id.',
      scopes: ['payments.read'],
      headers: versionHeader,
      input: z.strictObject({ payment }),
      classes: { payment: 'internal' },
      outputClasses: paymentClasses,
      reply: z.object({ payment: paymentSchema }),
      output: paymentSchema,
      read: (answer) => answer.payment,
      sample: { input: { payment: 'payDouble1' }, output: samplePayment },
    }),
    'payments.list': square.list('GET /v2/payments', {
      title: 'List payments',
      description: 'The newest first.',
      scopes: ['payments.read'],
      headers: versionHeader,
      input: z.strictObject({
        begin_time: field.time('From').optional(),
        end_time: field.time('Until').optional(),
        location_id: field.pick('Location', { action: 'locations.list', value: 'id', label: 'name' }).optional(),
      }),
      classes: { begin_time: 'internal', end_time: 'internal', location_id: 'internal' },
      outputClasses: { items: 'internal' },
      pages: { by: 'cursor', parameter: 'cursor', next: 'cursor', size: { parameter: 'limit', most: 100 } },
      items: 'payments',
      emptyMeansNone: true,
      item: paymentSchema,
      sample: { input: {}, items: [samplePayment] },
    }),
    'customers.create': square.call('POST /v2/customers', {
      title: 'Create a customer',
      description: 'A repeat with the same key gives the first customer again.',
      scopes: ['customers.write'],
      effect: { class: 'keyed', field: 'idempotency_key' },
      headers: versionHeader,
      input: z.strictObject({
        given_name: field.text('First name').optional(),
        family_name: field.text('Last name').optional(),
        email_address: field.email().optional(),
        phone_number: field.text('Phone').optional(),
        reference_id: field.text('Your own id').optional(),
      }),
      outputClasses: { id: 'internal' },
      reply: z.object({ customer: customerSchema }),
      output: customerSchema,
      read: ({ customer }) => customer,
      sample: { input: { given_name: 'Ada', email_address: 'ada@example.com' }, output: sampleCustomer },
    }),
    'customers.find': square.list('POST /v2/customers/search', {
      title: 'Find customers',
      description: 'Those with exactly this e-mail.',
      scopes: ['customers.read'],
      headers: versionHeader,
      input: z.strictObject({ email: field.email() }),
      body: ({ email }) => ({ query: { filter: { email_address: { exact: email } } } }),
      pages: { by: 'cursor', parameter: 'cursor', next: 'cursor', size: { parameter: 'limit', most: 100 } },
      items: 'customers',
      emptyMeansNone: true,
      item: customerSchema,
      sample: { input: { email: 'ada@example.com' }, items: [{ ...sampleCustomer, id: 'CUSTDOUBLE1' }] },
    }),
    'locations.list': square.call('GET /v2/locations', {
      title: 'List locations',
      description: 'All of the account: Square gives them at once.',
      scopes: ['locations.read'],
      headers: versionHeader,
      input: z.strictObject({}),
      reply: z.object({ locations: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })) }),
      output: z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })) }),
      outputClasses: { items: 'internal' },
      read: ({ locations }) => ({ items: locations }),
      sample: { input: {}, output: { items: [{ id: 'LDOUBLE1', name: 'Shop', status: 'ACTIVE' }] } },
    }),
  },
  triggers: {},
});
