import { createHmac, createSecretKey } from 'node:crypto';
import { shopSignatureHeader } from './flows/refund.js';
import type { DemoEndpoint } from './demo-file.js';

export interface Delivery {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A delivery as the flow's sender signs it. `id` is the sender's own of this message. */
export function sign(
  { flow, secret }: Pick<DemoEndpoint, 'flow' | 'secret'>,
  { id, body: event }: { id: string; body: object },
): Delivery {
  const body = JSON.stringify(event);
  const at = String(Math.floor(Date.now() / 1000));
  return { body, headers: { 'content-type': 'application/json', ...signers[flow]({ id, body, at, secret }) } };
}

interface Message {
  id: string;
  body: string;
  /** Seconds since 1970. */
  at: string;
  secret: string;
}

const signers: Readonly<Record<DemoEndpoint['flow'], (message: Message) => Record<string, string>>> = {
  // https://docs.stripe.com/webhooks#verify-manually
  payment: ({ body, at, secret }) => ({
    'stripe-signature': `t=${at},v1=${hmac(Buffer.from(secret), `${at}.${body}`).toString('hex')}`,
  }),
  // https://www.standardwebhooks.com
  lead: ({ id, body, at, secret }) => ({
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': `v1,${hmac(Buffer.from(secret.replace('whsec_', ''), 'base64'), `${id}.${at}.${body}`).toString('base64')}`,
  }),
  refund: ({ body, secret }) => ({ [shopSignatureHeader]: hmac(Buffer.from(secret), body).toString('hex') }),
};

function hmac(secret: Buffer, text: string): Buffer {
  return createHmac('sha256', createSecretKey(secret)).update(text).digest();
}
