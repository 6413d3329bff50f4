import { ConnectorError, declareConnector, type HttpReply, replyError } from '@sluice/shared/connector';
import { z } from 'zod';

export const origin = 'https://api.stripe.com';

/** Pinned: without it each account's own default version decides the shape of the answers. */
export const versionHeader = { 'Stripe-Version': '2025-03-31.basil' };

const errors = {
  said: ['error.message'],
  code: 'error.code',
  // Another request with our key is still under way: its outcome will be ours a moment later.
  codes: { idempotency_key_in_use: { code: 'unavailable', uncertain: true } },
  // Of a key that lacks a permission it quotes both ends.
  hides: /\b[rsp]k_[\w*]+/g,
} as const;

export const stripe = declareConnector({
  id: 'stripe',
  title: 'Stripe',
  description:
    'Takes and refunds payments, keeps customers, invoices and subscriptions, and starts runs by its events.',
  icon: { name: 'credit-card', color: '#635BFF' },
  category: 'payments',
  docs: 'https://docs.stripe.com/api',
  setup: [
    'Make a restricted key in the Dashboard under Developers, API keys, with only the permissions that the flow’s scopes name.',
  ],
  auth: ['bearer'],
  credentials: {
    bearer: { title: 'Restricted key', help: 'Begins with rk_. A secret key (sk_) can do everything: don’t use one.' },
  },
  config: z.strictObject({}),
  hosts: ['api.stripe.com'],
  origin,
  errors,
  scopes: {
    'charges.read': { title: 'Read charges', risk: 'read', vendor: ['rak_charge_read'] },
    'payments.read': { title: 'Read payments', risk: 'read', vendor: ['rak_payment_intent_read'] },
    'payments.write': { title: 'Take money from customers', risk: 'money', vendor: ['rak_payment_intent_write'] },
    'checkout.write': {
      title: 'Make pages where customers pay',
      risk: 'write',
      vendor: ['rak_checkout_session_write'],
    },
    'customers.read': { title: 'Find customers', risk: 'bulk', vendor: ['rak_customer_read'] },
    'customers.write': { title: 'Create and change customers', risk: 'write', vendor: ['rak_customer_write'] },
    'invoices.read': { title: 'Read invoices', risk: 'read', vendor: ['rak_invoice_read'] },
    'invoices.write': { title: 'Draft and void invoices', risk: 'write', vendor: ['rak_invoice_write'] },
    'invoices.collect': { title: 'Finalize and send invoices', risk: 'money', vendor: ['rak_invoice_write'] },
    'subscriptions.read': { title: 'Read subscriptions', risk: 'read', vendor: ['rak_subscription_read'] },
    'subscriptions.write': { title: 'End subscriptions', risk: 'money', vendor: ['rak_subscription_write'] },
    'refunds.write': { title: 'Pay money back to customers', risk: 'money', vendor: ['rak_charge_write'] },
  },
  receives: ['public', 'internal', 'personal', 'payment'],
  errorFields: ['error.message', 'error.code', 'error.decline_code'],
  async test(step) {
    const reply = await step.net.http({ method: 'GET', url: `${origin}/v1/charges?limit=1`, headers: versionHeader });
    const error = replyError(reply, 'Stripe', explain(reply));
    if (error !== null) throw error;
  },
});

const errorBodySchema = z.object({
  error: z.object({
    message: z.string().optional(),
    code: z.string().optional(),
    decline_code: z.string().optional(),
  }),
});

/** The reply's body, or the error that it stands for. */
export function readReply<Body extends z.ZodType>(reply: HttpReply, schema: Body): z.output<Body> {
  const error = replyError(reply, 'Stripe', explain(reply));
  // Another request with our key is still under way: its outcome will be ours a moment later.
  if (error !== null && readError(reply)?.code === 'idempotency_key_in_use') {
    throw new ConnectorError('unavailable', error.message, { status: reply.status, uncertain: true });
  }
  if (error !== null) throw error;
  const body = schema.safeParse(reply.body);
  if (!body.success) {
    throw new ConnectorError('bad-reply', 'Stripe’s answer has a shape that this connector does not know.', {
      status: reply.status,
      cause: body.error,
    });
  }
  return body.data;
}

function explain(reply: HttpReply): string | undefined {
  const error = readError(reply);
  if (error === undefined) return undefined;
  // Stripe's own sentence quotes a part of the key.
  const permission = /'(rak_\w+)' permission/.exec(error.message ?? '')?.[1];
  if (permission !== undefined) return `the key lacks the permission ${permission}.`;
  if (reply.status === 401 || reply.status === 403) return undefined;
  const code = error.decline_code ?? error.code;
  return [error.message?.slice(0, 300), code === undefined ? '' : `(${code})`].join(' ').trim();
}

function readError(reply: HttpReply) {
  return errorBodySchema.safeParse(reply.body).data?.error;
}
