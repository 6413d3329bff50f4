import { header, hex, type Scheme, seconds, sha256, textKey, textMember } from './scheme.js';

/** https://docs.stripe.com/webhooks#verify-manually; `v0` is no proof and is passed over. */
export const stripe: Scheme = {
  algorithm: sha256,
  keyBytes: textKey,
  signatureHeaders: () => ['stripe-signature'],
  read(delivery) {
    const parts = (header(delivery, 'stripe-signature') ?? '').split(',').map((part) => part.trim().split('='));
    const times = parts.filter(([name]) => name === 't').map(([, value]) => value);
    const [time] = times;
    const timestamp = times.length === 1 ? seconds(time) : null;
    if (timestamp === null) return null;
    const signatures = parts.flatMap(([name, value]) => (name === 'v1' ? (hex(value) ?? []) : []));
    return { content: [`${time}.`, delivery.body], signatures, timestamp, messageId: null };
  },
  idInBody: (body) => textMember(body, 'id'),
};
