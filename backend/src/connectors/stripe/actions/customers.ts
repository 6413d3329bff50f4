import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe, versionHeader as headers } from '../connector.js';
import { idOf, keyed, metadata, pages } from '../fields.js';

const customer = idOf('cus', 'Customer');
const customerSchema = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  phone: z.string().nullish(),
  description: z.string().nullable(),
  created: z.int(),
  metadata: z.record(z.string(), z.string()),
});
const outputClasses = { id: 'internal', created: 'internal' } as const;
const listClasses = { 'items.id': 'internal', 'items.created': 'internal' } as const;
const sample = {
  id: 'cus_QhSampleCustomer',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  phone: null,
  description: null,
  created: 1_767_225_600,
  metadata: {},
};
const about = {
  email: field.email().optional(),
  name: field.text('Name').max(256).optional(),
  phone: field.text('Phone').max(20).optional(),
  description: field.text('Description').max(350).optional(),
  metadata,
};

export const createCustomer = stripe.call('POST /v1/customers', {
  title: 'Create a customer',
  description:
    'Stripe lets two have one e-mail: find the customer first. A repeat with the same key gives the first again.',
  scopes: ['customers.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject(about),
  outputClasses,
  output: customerSchema,
  sample: { input: { email: 'ada@example.com', name: 'Ada Lovelace' }, output: sample },
});

export const changeCustomer = stripe.call('POST /v1/customers/{customer}', {
  title: 'Change a customer',
  description: 'Sets what is given; the rest stays.',
  scopes: ['customers.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({ customer, ...about }),
  classes: { customer: 'internal' },
  outputClasses,
  output: customerSchema,
  sample: {
    input: { customer: 'cus_QhSampleCustomer', name: 'Ada King' },
    output: { ...sample, name: 'Ada King' },
  },
});

export const findCustomers = stripe.list('GET /v1/customers', {
  title: 'Find customers by e-mail',
  description: 'Those with exactly this e-mail, the newest first. Capitals count.',
  scopes: ['customers.read'],
  headers,
  input: z.strictObject({ email: field.email().optional() }),
  outputClasses: listClasses,
  pages: pages(),
  items: 'data',
  item: customerSchema,
  sample: { input: {}, items: [sample] },
});

export const searchCustomers = stripe.list('GET /v1/customers/search', {
  title: 'Search customers',
  description: 'In Stripe’s search language. What was changed within the last minute may not be found yet.',
  scopes: ['customers.read'],
  headers,
  input: z.strictObject({
    query: field.text('Query', 'name:"Ada" AND metadata["order"]:"1042"; see docs.stripe.com/search.').max(1000),
  }),
  outputClasses: listClasses,
  pages: {
    by: 'cursor',
    parameter: 'page',
    next: 'next_page',
    more: 'has_more',
    size: { parameter: 'limit', most: 100 },
  },
  items: 'data',
  item: customerSchema,
  sample: { input: { query: 'created>1000000000' }, items: [sample] },
});
