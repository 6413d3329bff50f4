import { deliveryLimits, holdsSchema, webhookSchemes } from '@sluice/shared/connector';
import { z } from 'zod';
import { webhook } from '../connector.js';

export const received = webhook.trigger({
  title: 'Webhook received',
  description: 'Starts a run for each delivery whose signature is right.',
  scopes: [],
  scheme: 'from-config',
  params: z.strictObject({
    scheme: z.enum(webhookSchemes).default('standard-webhooks').meta({
      title: 'Signature',
      description: 'How the sender signs. none is refused outside dev without an approved waiver.',
    }),
    respond: z
      .enum(['accepted', 'result'])
      .default('accepted')
      .meta({ title: 'Answer', description: 'accepted: at once. result: after the flow’s respond step, or its end.' }),
    header: z
      .string()
      .regex(/^[\w-]{1,100}$/, 'a header name')
      .default('X-Signature')
      .meta({
        title: 'Signature header',
        description: 'For the scheme hmac: the header that holds the signature of the body.',
      }),
    algorithm: z
      .enum(['sha256', 'sha512'])
      .default('sha256')
      .meta({ title: 'Algorithm', description: 'For the scheme hmac.' }),
    encoding: z.enum(['hex', 'base64']).default('hex').meta({ title: 'Encoding', description: 'For the scheme hmac.' }),
    contentTypes: z
      .array(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'a content type such as application/json'))
      .min(1)
      .max(10)
      .optional()
      .meta({
        title: 'Content types',
        description:
          'Deliveries of any other type are refused. Text, JSON, XML and forms are values; a delivery of any other type, such as application/pdf, is a file.',
      }),
    ...deliveryLimits,
    holds: holdsSchema,
  }),
  event: z.unknown(),
  sample: {
    id: 'ord_1042',
    amount: 12900,
    currency: 'EUR',
    customer: { email: 'Ada@example.com', name: 'Ada Lovelace' },
    lines: [
      { sku: 'A-100', quantity: 2 },
      { sku: 'B-200', quantity: 1 },
    ],
  },
});
