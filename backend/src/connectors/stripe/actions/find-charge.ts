import { z } from 'zod';
import { origin, readReply, stripe, versionHeader } from '../connector.js';
import { idOf, pages } from '../fields.js';

const chargeSchema = z.object({
  id: z.string(),
  amount: z.int(),
  amount_refunded: z.int(),
  currency: z.string(),
  status: z.string(),
  paid: z.boolean(),
  refunded: z.boolean(),
  created: z.int(),
  payment_intent: z.string().nullable(),
  customer: z.string().nullable(),
  receipt_email: z.string().nullable(),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
});

const chargeClasses = {
  id: 'internal',
  amount: 'internal',
  amount_refunded: 'internal',
  currency: 'internal',
  status: 'internal',
  paid: 'internal',
  refunded: 'internal',
  created: 'internal',
  payment_intent: 'internal',
  customer: 'personal',
  receipt_email: 'personal',
  description: 'personal',
  metadata: 'personal',
} as const;
const sampleCharge = {
  id: 'ch_3PqSampleCharge0001',
  amount: 12_900,
  amount_refunded: 0,
  currency: 'eur',
  status: 'succeeded',
  paid: true,
  refunded: false,
  created: 1_767_225_600,
  payment_intent: 'pi_3PqSampleIntent0001',
  customer: 'cus_QhSampleCustomer',
  receipt_email: 'ada@example.com',
  description: 'Order 1042',
  metadata: { order: 'ord_1042' },
};

export const findCharge = stripe.action({
  title: 'Find a charge',
  description:
    'Reads a charge by its id, or the latest one of a payment intent. Finding none is an answer, not a failure.',
  scopes: ['charges.read'],
  effect: { class: 'natural' },
  method: 'GET',
  path: '/v1/charges/*',
  input: z
    .strictObject({
      charge: z
        .string()
        .regex(/^(?:ch|py)_\w+$/, 'a charge’s id, ch_...')
        .optional()
        .meta({ title: 'Charge' }),
      payment_intent: z
        .string()
        .regex(/^pi_\w+$/, 'a payment intent’s id, pi_...')
        .optional()
        .meta({ title: 'Payment intent', description: 'Either this or the charge.' }),
    })
    .refine(({ charge, payment_intent }) => (charge === undefined) !== (payment_intent === undefined), {
      path: ['charge'],
      message: 'name the charge or the payment intent, one of the two',
    }),
  output: z.object({ found: z.boolean(), charge: chargeSchema.nullable() }),
  classes: { charge: 'internal', payment_intent: 'internal' },
  outputClasses: {
    found: 'internal',
    ...Object.fromEntries(Object.entries(chargeClasses).map(([name, is]) => [`charge.${name}`, is])),
  },
  // A charge by its id, or the list of a payment intent's.
  replyFields: Object.keys(chargeSchema.shape).flatMap((name) => [name, `data.${name}`]),
  sample: {
    input: { charge: 'ch_3PqSampleCharge0001' },
    output: { found: true, charge: sampleCharge },
  },
  async run(step, { charge, payment_intent }) {
    const path =
      charge === undefined ? `/v1/charges?payment_intent=${payment_intent}&limit=1` : `/v1/charges/${charge}`;
    const reply = await step.net.http({ method: 'GET', url: `${origin}${path}`, headers: versionHeader });
    if (reply.status === 404) return { found: false, charge: null };
    if (charge !== undefined) return { found: true, charge: readReply(reply, chargeSchema) };
    const [latest = null] = readReply(reply, z.object({ data: z.array(chargeSchema) })).data;
    return { found: latest !== null, charge: latest };
  },
});

export const listCharges = stripe.list('GET /v1/charges', {
  title: 'List charges',
  description: 'The newest first, all or of a customer.',
  scopes: ['charges.read'],
  headers: versionHeader,
  input: z.strictObject({ customer: idOf('cus', 'Customer').optional() }),
  classes: { customer: 'personal' },
  outputClasses: Object.fromEntries(Object.entries(chargeClasses).map(([name, is]) => [`items.${name}`, is])),
  pages: pages(),
  items: 'data',
  item: chargeSchema,
  sample: { input: {}, items: [sampleCharge] },
});
