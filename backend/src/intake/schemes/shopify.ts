import { base64, header, type Scheme, sha256, textKey } from './scheme.js';

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook */
export const shopify: Scheme = {
  algorithm: sha256,
  keyBytes: textKey,
  signatureHeaders: () => ['x-shopify-hmac-sha256'],
  read(delivery) {
    const signature = base64(header(delivery, 'x-shopify-hmac-sha256') ?? undefined);
    const messageId = header(delivery, 'x-shopify-webhook-id');
    if (signature === null || messageId === null || messageId.length > 256) return null;
    return { content: [delivery.body], signatures: [signature], timestamp: null, messageId };
  },
};
