import { z } from 'zod';
import { origin, readReply, stripe, versionHeader } from '../connector.js';
import { keyed, metadata } from '../fields.js';

const inputSchema = z
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
    amount: z.int().positive().optional().meta({
      title: 'Amount',
      description: 'In the smallest unit of the currency (cents). Without it, all that is left.',
    }),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional().meta({ title: 'Reason' }),
    metadata,
  })
  .refine(({ charge, payment_intent }) => (charge === undefined) !== (payment_intent === undefined), {
    path: ['charge'],
    message: 'name the charge or the payment intent, one of the two',
  });

const refundSchema = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  charge: z.string().nullable(),
  payment_intent: z.string().nullable(),
  reason: z.string().nullable(),
  status: z.string().nullable(),
});

export const createRefund = stripe.action({
  title: 'Refund a payment',
  description: 'Pays a charge back, whole or in part. A repeat with the same key gives the first refund again.',
  scopes: ['refunds.write'],
  effect: keyed,
  method: 'POST',
  path: '/v1/refunds',
  input: inputSchema,
  output: refundSchema,
  classes: {
    charge: 'internal',
    payment_intent: 'internal',
    amount: 'payment',
    reason: 'internal',
    metadata: 'personal',
  },
  // The amount comes back as it was sent, whatever it held.
  outputClasses: {
    id: 'internal',
    currency: 'internal',
    charge: 'internal',
    payment_intent: 'internal',
    reason: 'internal',
    status: 'internal',
  },
  replyFields: Object.keys(refundSchema.shape),
  sample: {
    input: { charge: 'ch_3PqSampleCharge0001', amount: 2500, reason: 'requested_by_customer' },
    output: {
      id: 're_3PqSampleRefund0001',
      amount: 2500,
      currency: 'eur',
      charge: 'ch_3PqSampleCharge0001',
      payment_intent: 'pi_3PqSampleIntent0001',
      reason: 'requested_by_customer',
      status: 'succeeded',
    },
  },
  async run(step, input) {
    const reply = await step.net.http({
      method: 'POST',
      url: `${origin}/v1/refunds`,
      headers: { ...versionHeader, 'Idempotency-Key': step.idempotencyKey },
      body: toForm(input),
    });
    return readReply(reply, refundSchema);
  },
});

function toForm({ metadata: notes = {}, ...fields }: z.output<typeof inputSchema>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, String(value));
  for (const [name, value] of Object.entries(notes)) form.set(`metadata[${name}]`, value);
  return form;
}
