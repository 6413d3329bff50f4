import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { randomPart } from '../random.js';

const nonceBytes = 12;
const tagBytes = 16;
/** By how many bytes a sealed value is longer. */
export const sealedMore = nonceBytes + tagBytes;

/** A sealed value can't be opened: it was changed, belongs elsewhere, or was sealed with another key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';

  constructor(cause?: unknown) {
    super(
      'A sealed value could not be opened: it was changed, moved from another place, or sealed with another key; restore it from a backup or enter it again.',
      cause === undefined ? undefined : { cause },
    );
  }
}

/** AES-256-GCM: nonce, ciphertext and tag in one buffer. `aad` must be given again to open it. */
export function encrypt(key: KeyObject, plaintext: Uint8Array, aad: string): Buffer {
  const nonce = randomPart(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
}

/** Throws SealBroken. */
export function decrypt(key: KeyObject, sealed: Uint8Array, aad: string): Buffer {
  if (sealed.length < sealedMore) throw new SealBroken();
  const end = sealed.length - tagBytes;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(aad));
    decipher.setAuthTag(sealed.subarray(end));
    const plaintext = decipher.update(sealed.subarray(nonceBytes, end));
    decipher.final();
    return plaintext;
  } catch (cause) {
    throw new SealBroken(cause);
  }
}
