import { base64, header, type Scheme, seconds, sha256 } from './scheme.js';

/** Standard Webhooks 1.0 with `v1` (HMAC-SHA256): https://www.standardwebhooks.com */
export const standardWebhooks: Scheme = {
  algorithm: sha256,
  keyBytes: (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
  signatureHeaders: () => ['webhook-signature'],
  read(delivery) {
    const id = header(delivery, 'webhook-id');
    const time = header(delivery, 'webhook-timestamp');
    const timestamp = seconds(time);
    const list = header(delivery, 'webhook-signature');
    // A dot in the id would let one signed text be read as another.
    if (id === null || id.includes('.') || id.length > 256 || timestamp === null || list === null) return null;
    const signatures = list.split(' ').flatMap((part) => (part.startsWith('v1,') ? (base64(part.slice(3)) ?? []) : []));
    return { content: [`${id}.${time}.`, delivery.body], signatures, timestamp, messageId: id };
  },
};
