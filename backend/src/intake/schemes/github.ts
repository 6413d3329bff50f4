import { header, hex, type Scheme, sha256, textKey } from './scheme.js';

/** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries; the SHA-1 header is not looked at. */
export const github: Scheme = {
  algorithm: sha256,
  keyBytes: textKey,
  signatureHeaders: () => ['x-hub-signature-256', 'x-hub-signature'],
  read(delivery) {
    const signature = hex(/^sha256=(.+)$/.exec(header(delivery, 'x-hub-signature-256') ?? '')?.[1]);
    // No time is signed: the delivery's id is all that tells a repeat.
    const messageId = header(delivery, 'x-github-delivery');
    if (signature === null || messageId === null || messageId.length > 256) return null;
    return { content: [delivery.body], signatures: [signature], timestamp: null, messageId };
  },
};
