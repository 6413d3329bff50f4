import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe, versionHeader as headers } from '../connector.js';
import { idOf, keyed, metadata, webAddress } from '../fields.js';

const itemSchema = z.strictObject({
  price: idOf('price', 'Price'),
  quantity: field.count('Quantity').default(1),
});

export const createCheckout = stripe.call('POST /v1/checkout/sessions', {
  title: 'Create a checkout page',
  description: 'Gives an address of Stripe’s own page, where the customer pays. It is good for a day.',
  scopes: ['checkout.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({
    mode: field.choice(['payment', 'subscription'], 'Mode').default('payment'),
    items: z.array(itemSchema).min(1).max(50).meta({ title: 'Items' }),
    success_url: webAddress('Address after payment'),
    cancel_url: webAddress('Address of who turns back').optional(),
    customer: idOf('cus', 'Customer').optional(),
    customer_email: field.email('E-mail', 'Of a customer who is new.').optional(),
    client_reference_id: field.text('Your own id').max(200).optional(),
    metadata,
  }),
  classes: {
    mode: 'public',
    items: 'internal',
    success_url: 'internal',
    cancel_url: 'internal',
    client_reference_id: 'internal',
  },
  outputClasses: {
    id: 'internal',
    status: 'internal',
    payment_status: 'internal',
    amount_total: 'internal',
    currency: 'internal',
    expires_at: 'internal',
  },
  // Lists of records go by number: line_items[0][price].
  body: ({ items, ...rest }) => ({
    ...rest,
    ...Object.fromEntries(items.map((item, at) => [`line_items[${at}]`, item])),
  }),
  output: z.object({
    id: z.string(),
    url: z.string().nullable(),
    status: z.string().nullable(),
    payment_status: z.string(),
    amount_total: z.int().nullable(),
    currency: z.string().nullable(),
    expires_at: z.int(),
  }),
  sample: {
    input: {
      items: [{ price: 'price_1PqSamplePrice', quantity: 2 }],
      success_url: 'https://shop.example.com/thanks',
      customer_email: 'ada@example.com',
    },
    output: {
      id: 'cs_test_a1Sample',
      url: 'https://checkout.stripe.com/c/pay/cs_test_a1Sample',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 25_800,
      currency: 'eur',
      expires_at: 1_767_312_000,
    },
  },
});
