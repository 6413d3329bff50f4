import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  url: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .refine((text) => !/[?#@]/.test(text), 'an https address without a query, # or user name')
    .meta({ title: 'Receiver', description: 'https://example.com/hooks' }),
  dropsRepeats: z.boolean().default(true).meta({
    title: 'Drops repeats',
    description: 'The standard asks receivers to drop what repeats a webhook-id. Turn off if this one does not.',
  }),
});

export const webhookOut = declareConnector({
  id: 'webhook-out',
  title: 'Webhook out',
  description: 'Delivers signed events to one receiver, as Standard Webhooks 1.0 says.',
  icon: { name: 'webhook', color: '#2F9E44' },
  category: 'plumbing',
  docs: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  setup: [
    'Make a secret of 24 random bytes or more, in base64 after whsec_: openssl rand -base64 32.',
    'Or an Ed25519 key pair: openssl genpkey -algorithm ed25519 -out pair.pem, then whsk_ and the base64 of its last 32 bytes in DER and of the last 32 of its public key; the receiver gets whpk_ and the base64 of the latter.',
    'Give the secret, or the public key, to the receiver, who checks webhook-signature with a library of standardwebhooks.com.',
  ],
  auth: ['signing'],
  credentials: { signing: { title: 'Signing secret', help: 'whsec_ and base64, or whsk_ and base64 for Ed25519.' } },
  config: configSchema,
  hosts: ({ url }) => [new URL(url).host],
  scopes: { 'events.deliver': { title: 'Deliver events to the receiver', risk: 'write', vendor: [] } },
});
