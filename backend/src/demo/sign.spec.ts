import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { schemes } from '../intake/schemes/schemes.js';
import { verify } from '../intake/verify.js';
import { shopSignatureHeader } from './flows/refund.js';
import { sign } from './sign.js';

const senders = [
  { flow: 'payment', scheme: 'stripe', secret: 'a secret of the payment service' },
  { flow: 'lead', scheme: 'standard-webhooks', secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
  { flow: 'refund', scheme: 'hmac', secret: 'a secret of the shop' },
] as const;

describe('sign', () => {
  it.each(senders)(
    'signs $flow events as $scheme asks, with the secret and over the body',
    ({ flow, scheme, secret }) => {
      const spec = schemes[scheme];
      if (spec === null) throw new Error('no such scheme');
      const delivery = sign({ flow, secret }, { id: 'msg_1', body: { amount: 1 } });
      const headers = Object.fromEntries(
        Object.entries(delivery.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const check = (body: string, key = secret) =>
        verify(
          { method: 'POST', url: 'http://127.0.0.1/hooks/end_1', headers, body: Buffer.from(body) },
          {
            scheme: spec,
            config: { header: shopSignatureHeader, algorithm: 'sha256', encoding: 'hex' },
            secrets: [{ key: createSecretKey(spec.keyBytes(key)), expiresAt: null }],
            now: Date.now(),
            checks: [],
          },
        ).ok;

      expect(check(delivery.body)).toBe(true);
      expect(check('{"amount":2}')).toBe(false);
      expect(check(delivery.body, 'whsec_YW5vdGhlciBzZWNyZXQ=')).toBe(false);
    },
  );
});
