import { z } from 'zod';
import { origin, readReply, stripe, versionHeader } from '../connector.js';

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
    'charge.id': 'internal',
    'charge.amount': 'internal',
    'charge.amount_refunded': 'internal',
    'charge.currency': 'internal',
    'charge.status': 'internal',
    'charge.paid': 'internal',
    'charge.refunded': 'internal',
    'charge.created': 'internal',
    'charge.payment_intent': 'internal',
    'charge.customer': 'personal',
    'charge.receipt_email': 'personal',
    'charge.description': 'personal',
    'charge.metadata': 'personal',
  },
  // A charge by its id, or the list of a payment intent's.
  replyFields: Object.keys(chargeSchema.shape).flatMap((name) => [name, `data.${name}`]),
  sample: {
    input: { charge: 'ch_3PqSampleCharge0001' },
    output: {
      found: true,
      charge: {
        id: 'ch_3PqSampleCharge0001',
        amount: 12900,
        amount_refunded: 0,
        currency: 'eur',
        status: 'succeeded',
        paid: true,
        refunded: false,
        created: 1767225600,
        payment_intent: 'pi_3PqSampleIntent0001',
        customer: 'cus_QhSampleCustomer',
        receipt_email: 'ada@example.com',
        description: 'Order 1042',
        metadata: { order: 'ord_1042' },
      },
    },
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
