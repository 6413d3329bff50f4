import { base64, header, hex, type Scheme, textKey } from './scheme.js';

/** An HMAC of the body in a header of the endpoint's choice, alone or after `sha256=`. */
export const hmac: Scheme = {
  algorithm: ({ algorithm }) => algorithm,
  keyBytes: textKey,
  signatureHeaders: ({ header: name }) => [name.toLowerCase()],
  read(delivery, { header: name, algorithm, encoding }) {
    const text = header(delivery, name.toLowerCase())?.replace(new RegExp(`^${algorithm}=`), '');
    const bytes = algorithm === 'sha512' ? 64 : 32;
    const signature = encoding === 'hex' ? hex(text, bytes) : base64(text, bytes);
    return signature === null
      ? null
      : { content: [delivery.body], signatures: [signature], timestamp: null, messageId: null };
  },
};
