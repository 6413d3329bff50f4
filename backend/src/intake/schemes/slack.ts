import { header, hex, type Scheme, seconds, sha256, textKey, textMember } from './scheme.js';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const slack: Scheme = {
  algorithm: sha256,
  keyBytes: textKey,
  signatureHeaders: () => ['x-slack-signature'],
  read(delivery) {
    const time = header(delivery, 'x-slack-request-timestamp');
    const timestamp = seconds(time);
    const signature = hex(/^v0=(.+)$/.exec(header(delivery, 'x-slack-signature') ?? '')?.[1]);
    if (timestamp === null || signature === null) return null;
    return { content: [`v0:${time}:`, delivery.body], signatures: [signature], timestamp, messageId: null };
  },
  // https://docs.slack.dev/reference/events/url_verification: signed like any other delivery.
  handshake: { type: 'url_verification', echo: 'challenge' },
  idInBody: (body) => textMember(body, 'event_id'),
};
