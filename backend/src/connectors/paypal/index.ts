import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { paypal } from './connector.js';

const moneySchema = z.object({ currency_code: z.string(), value: z.string() });
const amount = z
  .string()
  .regex(/^\d{1,12}(?:\.\d{1,3})?$/, 'a decimal number such as 129.00')
  .meta({
    title: 'Amount',
    description: 'In the currency’s main unit, with as many places as it has: 129.00, of JPY 129.',
  });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'three letters, EUR')
  .meta({ title: 'Currency' });
const order = field.id('Order', 'Its id: 5O190127TN364715T.');
/** Else PayPal answers with an id, a status and links alone. */
const headers = { Prefer: 'return=representation' };
const effect = { class: 'keyed', header: 'PayPal-Request-Id' } as const;

const orderReply = z.object({
  id: z.string(),
  status: z.string(),
  payer: z.object({ email_address: z.string().optional() }).optional(),
  purchase_units: z.array(
    z.object({
      amount: moneySchema.optional(),
      custom_id: z.string().optional(),
      invoice_id: z.string().optional(),
      payments: z
        .object({
          captures: z.array(z.object({ id: z.string(), status: z.string(), amount: moneySchema })).optional(),
        })
        .optional(),
    }),
  ),
  links: z.array(z.object({ href: z.string(), rel: z.string() })).optional(),
});
/** Of an order with one purchase unit, as they are made here. */
const orderSchema = z.object({
  id: z.string(),
  status: z.string(),
  amount: moneySchema.optional(),
  custom_id: z.string().optional(),
  invoice_id: z.string().optional(),
  payer_email: z.string().optional(),
  captures: z.array(z.object({ id: z.string(), status: z.string(), amount: moneySchema })),
});
const sampleMoney = { currency_code: 'EUR', value: '129.00' };

function readOrder({
  id,
  status,
  payer,
  purchase_units: units,
}: z.output<typeof orderReply>): z.input<typeof orderSchema> {
  const [first] = units;
  return {
    id,
    status,
    amount: first?.amount,
    custom_id: first?.custom_id,
    invoice_id: first?.invoice_id,
    payer_email: payer?.email_address,
    captures: units.flatMap(({ payments }) => payments?.captures ?? []),
  };
}

const transactionSchema = z.object({
  transaction_info: z.object({
    transaction_id: z.string(),
    transaction_event_code: z.string().optional(),
    transaction_status: z.string().optional(),
    transaction_initiation_date: z.string().optional(),
    transaction_amount: moneySchema.optional(),
    fee_amount: moneySchema.optional(),
    invoice_id: z.string().optional(),
    custom_field: z.string().optional(),
  }),
});

export const connector = paypal.build({
  actions: {
    'orders.create': paypal.call('POST /v2/checkout/orders', {
      title: 'Make an order',
      description:
        'One that the customer approves at PayPal and that is then captured. A repeat with the same key gives the first order again.',
      scopes: ['orders.write'],
      effect,
      headers,
      input: z.strictObject({
        amount,
        currency,
        custom_id: field.text('Your own id', 'Shown in reports, not to the customer.').max(127).optional(),
        invoice_id: field.text('Invoice', 'Shown to the customer; PayPal takes each but once.').max(127).optional(),
        description: field.text('Description').max(127).optional(),
        return_url: z
          .url({ protocol: /^https$/ })
          .max(2000)
          .optional()
          .meta({ title: 'Back after approval' }),
        cancel_url: z
          .url({ protocol: /^https$/ })
          .max(2000)
          .optional()
          .meta({ title: 'Back after cancelling' }),
      }),
      classes: {
        amount: 'payment',
        currency: 'internal',
        custom_id: 'internal',
        invoice_id: 'internal',
        return_url: 'internal',
        cancel_url: 'internal',
      },
      outputClasses: { id: 'internal', status: 'internal' },
      body: ({ amount: value, currency: currency_code, return_url, cancel_url, ...unit }) => ({
        intent: 'CAPTURE',
        purchase_units: [{ ...unit, amount: { currency_code, value } }],
        payment_source: {
          paypal: { experience_context: { user_action: 'PAY_NOW', return_url, cancel_url } },
        },
      }),
      reply: orderReply,
      output: z.object({ id: z.string(), status: z.string(), approve_url: z.string().nullable() }),
      read: ({ id, status, links = [] }) => ({
        id,
        status,
        approve_url: links.find(({ rel }) => rel === 'payer-action' || rel === 'approve')?.href ?? null,
      }),
      sample: {
        input: { amount: '129.00', currency: 'EUR', custom_id: 'ord_1042' },
        output: {
          id: 'ORDERDOUBLE00004',
          status: 'PAYER_ACTION_REQUIRED',
          approve_url: 'https://www.paypal.com/checkoutnow?token=ORDERDOUBLE00004',
        },
      },
    }),
    'orders.get': paypal.call('GET /v2/checkout/orders/{order}', {
      title: 'Read an order',
      description: 'Its status, and what was captured of it.',
      scopes: ['orders.read'],
      input: z.strictObject({ order }),
      classes: { order: 'internal' },
      outputClasses: {
        id: 'internal',
        status: 'internal',
        amount: 'internal',
        custom_id: 'internal',
        invoice_id: 'internal',
        captures: 'internal',
      },
      reply: orderReply,
      output: orderSchema,
      read: readOrder,
      sample: {
        input: { order: 'ORDERDOUBLE00001' },
        output: {
          id: 'ORDERDOUBLE00001',
          status: 'APPROVED',
          amount: sampleMoney,
          custom_id: 'ord_1042',
          invoice_id: 'inv_1042',
          payer_email: 'ada@example.com',
          captures: [],
        },
      },
    }),
    'orders.capture': paypal.call('POST /v2/checkout/orders/{order}/capture', {
      title: 'Capture an order',
      description:
        'Takes the money of an order that its customer approved. A repeat with the same key gives the first capture again.',
      scopes: ['orders.capture'],
      effect,
      headers,
      input: z.strictObject({ order }),
      classes: { order: 'internal' },
      outputClasses: {
        id: 'internal',
        status: 'internal',
        amount: 'internal',
        custom_id: 'internal',
        invoice_id: 'internal',
        captures: 'internal',
      },
      reply: orderReply,
      output: orderSchema,
      read: readOrder,
      sample: {
        input: { order: 'ORDERDOUBLE00001' },
        output: {
          id: 'ORDERDOUBLE00001',
          status: 'COMPLETED',
          amount: sampleMoney,
          custom_id: 'ord_1042',
          invoice_id: 'inv_1042',
          payer_email: 'ada@example.com',
          captures: [{ id: 'CAPDOUBLE00001', status: 'COMPLETED', amount: sampleMoney }],
        },
      },
    }),
    'refunds.create': paypal.call('POST /v2/payments/captures/{capture}/refund', {
      title: 'Refund a capture',
      description:
        'Whole, or the part that amount and currency say. A repeat with the same key gives the first refund again.',
      scopes: ['refunds.write'],
      effect,
      headers,
      input: z
        .strictObject({
          capture: field.id('Capture', 'Its id, from an order’s captures: 2GG279541U471931P.'),
          amount: amount.optional(),
          currency: currency.optional(),
          invoice_id: field.text('Invoice').max(127).optional(),
          note_to_payer: field.text('Note to the customer').max(255).optional(),
        })
        .refine((input) => (input.amount === undefined) === (input.currency === undefined), {
          path: ['currency'],
          message: 'amount and currency go together: give both, or none for the whole',
        }),
      classes: { capture: 'internal', amount: 'payment', currency: 'internal', invoice_id: 'internal' },
      // The amount comes back as it was sent, whatever it held.
      outputClasses: { id: 'internal', status: 'internal' },
      body: ({ amount: value, currency: currency_code, invoice_id, note_to_payer }) => ({
        ...(value !== undefined && { amount: { value, currency_code } }),
        invoice_id,
        note_to_payer,
      }),
      output: z.object({ id: z.string(), status: z.string(), amount: moneySchema.optional() }),
      sample: {
        input: { capture: 'CAPDOUBLE00009', amount: '25.00', currency: 'EUR' },
        output: { id: 'REFDOUBLE00001', status: 'COMPLETED', amount: { currency_code: 'EUR', value: '25.00' } },
      },
    }),
    'transactions.list': paypal.list('GET /v1/reporting/transactions', {
      title: 'List transactions',
      description: 'Those of at most 31 days; a new one shows up within three hours.',
      scopes: ['transactions.read'],
      input: z.strictObject({
        start_date: field.time('From'),
        end_date: field.time('Until', 'At most 31 days later.'),
        transaction_status: field
          .choice(['D', 'P', 'S', 'V'], 'Status', 'Denied, pending, successful, or reversed (V).')
          .optional(),
      }),
      classes: { start_date: 'internal', end_date: 'internal', transaction_status: 'internal' },
      outputClasses: { items: 'internal', 'items.transaction_info.custom_field': 'personal' },
      pages: { by: 'page', parameter: 'page', size: { parameter: 'page_size', most: 500 } },
      items: 'transaction_details',
      emptyMeansNone: true,
      item: transactionSchema,
      sample: {
        input: { start_date: '2026-01-01T00:00:00Z', end_date: '2026-01-31T00:00:00Z' },
        items: [
          {
            transaction_info: {
              transaction_id: 'TXDOUBLE000000001',
              transaction_event_code: 'T0006',
              transaction_status: 'S',
              transaction_initiation_date: '2026-01-01T10:00:00Z',
              transaction_amount: sampleMoney,
              invoice_id: 'inv_1042',
            },
          },
        ],
      },
    }),
  },
  triggers: {},
});
