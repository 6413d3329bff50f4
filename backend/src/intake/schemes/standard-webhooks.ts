import { base64, header, type Scheme, seconds, sha256 } from './scheme.js';

/** The kinds of signatures, and how long they are: `v1` is an HMAC-SHA256, `v1a` Ed25519. Their lengths keep them apart. */
const kinds: Readonly<Record<string, number>> = { v1: 32, v1a: 64 };

/** Standard Webhooks 1.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const standardWebhooks: Scheme = {
  algorithm: sha256,
  takesPublicKeys: true,
  keyBytes: (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
  signatureHeaders: () => ['webhook-signature'],
  read(delivery) {
    const id = header(delivery, 'webhook-id');
    const time = header(delivery, 'webhook-timestamp');
    const timestamp = seconds(time);
    const list = header(delivery, 'webhook-signature');
    // A dot in the id would let one signed text be read as another.
    if (id === null || id.includes('.') || id.length > 256 || timestamp === null || list === null) return null;
    const signatures = list.split(' ').flatMap((part) => {
      const [kind = '', text] = part.split(',', 2);
      const bytes = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
      return bytes === undefined ? [] : (base64(text, bytes) ?? []);
    });
    return { content: [`${id}.${time}.`, delivery.body], signatures, timestamp, messageId: id };
  },
};
