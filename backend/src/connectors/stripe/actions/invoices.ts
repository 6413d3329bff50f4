import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { stripe, versionHeader as headers } from '../connector.js';
import { currency, idOf, keyed, metadata, pages } from '../fields.js';

const invoice = idOf('in', 'Invoice');
const customer = idOf('cus', 'Customer');
const invoiceSchema = z.object({
  id: z.string(),
  number: z.string().nullable(),
  status: z.string().nullable(),
  customer: z.string().nullable(),
  currency: z.string(),
  total: z.int(),
  amount_due: z.int(),
  amount_paid: z.int(),
  created: z.int(),
  due_date: z.int().nullable(),
  hosted_invoice_url: z.string().nullish(),
  invoice_pdf: z.string().nullish(),
});
/** Whoever has the address sees the invoice, so it counts as the customer's own. */
const outputClasses = {
  id: 'internal',
  number: 'internal',
  status: 'internal',
  currency: 'internal',
  total: 'internal',
  amount_due: 'internal',
  amount_paid: 'internal',
  created: 'internal',
  due_date: 'internal',
} as const;
const sample = {
  id: 'in_1PqSampleInvoice',
  number: null,
  status: 'draft',
  customer: 'cus_QhSampleCustomer',
  currency: 'eur',
  total: 0,
  amount_due: 0,
  amount_paid: 0,
  created: 1_767_225_600,
  due_date: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
};
const open = {
  ...sample,
  number: 'ACME-0042',
  status: 'open',
  hosted_invoice_url: 'https://invoice.stripe.com/i/sample',
  invoice_pdf: 'https://pay.stripe.com/invoice/sample/pdf',
};
const of = { as: 'form', headers, effect: keyed, output: invoiceSchema, outputClasses } as const;

export const createInvoice = stripe.call('POST /v1/invoices', {
  ...of,
  title: 'Create an invoice',
  description: 'A draft. Add its lines, then finalize it.',
  scopes: ['invoices.write'],
  input: z.strictObject({
    customer,
    currency: currency.optional(),
    collection_method: field
      .choice(
        ['charge_automatically', 'send_invoice'],
        'Paid by',
        'send_invoice: the customer pays by a link, until the days are over.',
      )
      .optional(),
    days_until_due: field.count('Days until due', 'Of send_invoice.').optional(),
    auto_advance: field.flag('Goes on by itself', 'Off: Stripe finalizes and collects nothing by itself.').optional(),
    pending_invoice_items_behavior: field
      .choice(['include', 'exclude'], 'Waiting lines', 'include: lines that wait for the customer’s next invoice.')
      .optional(),
    description: field.text('Description').max(500).optional(),
    metadata,
  }),
  classes: {
    customer: 'personal',
    currency: 'internal',
    collection_method: 'public',
    days_until_due: 'internal',
    auto_advance: 'public',
    pending_invoice_items_behavior: 'public',
  },
  sample: {
    input: { customer: 'cus_QhSampleCustomer', collection_method: 'send_invoice', days_until_due: 14 },
    output: sample,
  },
});

const lineSchema = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  description: z.string().nullable(),
  invoice: z.string().nullable(),
});

export const addLine = stripe.call('POST /v1/invoiceitems', {
  title: 'Add a line to an invoice',
  description: 'To a draft, or without one to the customer’s next invoice. A negative amount takes something off.',
  scopes: ['invoices.write'],
  effect: keyed,
  as: 'form',
  headers,
  input: z.strictObject({
    customer,
    invoice: invoice.optional(),
    amount: field.int('Amount', 'In the smallest unit of the currency (cents).'),
    currency,
    description: field.text('Description').max(500).optional(),
    metadata,
  }),
  classes: { customer: 'personal', invoice: 'internal', amount: 'payment', currency: 'internal' },
  outputClasses: { id: 'internal', currency: 'internal', invoice: 'internal' },
  output: lineSchema,
  sample: {
    input: {
      customer: 'cus_QhSampleCustomer',
      invoice: 'in_1PqSampleInvoice',
      amount: 12_900,
      currency: 'eur',
      description: 'Order 1042',
    },
    output: {
      id: 'ii_1PqSampleLine',
      amount: 12_900,
      currency: 'eur',
      description: 'Order 1042',
      invoice: 'in_1PqSampleInvoice',
    },
  },
});

export const finalizeInvoice = stripe.call('POST /v1/invoices/{invoice}/finalize', {
  ...of,
  title: 'Finalize an invoice',
  description: 'A draft becomes an invoice with a number, which can’t be changed any more. It may be charged at once.',
  scopes: ['invoices.collect'],
  input: z.strictObject({ invoice, auto_advance: field.flag('Goes on by itself').optional() }),
  classes: { invoice: 'internal', auto_advance: 'public' },
  sample: { input: { invoice: 'in_1PqSampleInvoice' }, output: open },
});

export const sendInvoice = stripe.call('POST /v1/invoices/{invoice}/send', {
  ...of,
  title: 'Send an invoice',
  description: 'Mails it to the customer; a draft is finalized first. In test mode nothing is mailed.',
  scopes: ['invoices.collect'],
  input: z.strictObject({ invoice }),
  classes: { invoice: 'internal' },
  sample: { input: { invoice: 'in_1PqSampleInvoice' }, output: open },
});

export const voidInvoice = stripe.call('POST /v1/invoices/{invoice}/void', {
  ...of,
  title: 'Void an invoice',
  description: 'As if it had never been due, for good. It stays in the books, as void.',
  scopes: ['invoices.write'],
  input: z.strictObject({ invoice }),
  classes: { invoice: 'internal' },
  sample: { input: { invoice: 'in_1PqSampleInvoice2' }, output: { ...open, status: 'void' } },
});

export const getInvoice = stripe.call('GET /v1/invoices/{invoice}', {
  title: 'Read an invoice',
  description: 'One invoice by its id.',
  scopes: ['invoices.read'],
  headers,
  input: z.strictObject({ invoice }),
  classes: { invoice: 'internal' },
  outputClasses,
  output: invoiceSchema,
  sample: { input: { invoice: 'in_1PqSampleInvoice' }, output: sample },
});

export const listInvoices = stripe.list('GET /v1/invoices', {
  title: 'List invoices',
  description: 'The newest first, of a customer or of a status.',
  scopes: ['invoices.read'],
  headers,
  input: z.strictObject({
    customer: customer.optional(),
    status: field.choice(['draft', 'open', 'paid', 'uncollectible', 'void'], 'Status').optional(),
  }),
  classes: { customer: 'personal', status: 'public' },
  outputClasses: Object.fromEntries(Object.entries(outputClasses).map(([name, is]) => [`items.${name}`, is])),
  pages: pages(),
  items: 'data',
  item: invoiceSchema,
  sample: { input: {}, items: [sample] },
});
