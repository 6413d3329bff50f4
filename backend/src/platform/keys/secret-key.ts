import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { randomPart } from '../random.js';
import { decrypt, encrypt } from './gcm.js';

/** A new random key of 32 bytes. */
export function newKey(): KeyObject {
  return takeKey(randomPart(32));
}

/** The bytes as a key; the buffer is wiped. */
export function takeKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** Encrypts `key` with `wrapping`: base64url. */
export function wrapKey(wrapping: KeyObject, key: KeyObject, aad: string): string {
  const bytes = key.export();
  const wrapped = encrypt(wrapping, bytes, aad).toString('base64url');
  bytes.fill(0);
  return wrapped;
}

/** Throws SealBroken. */
export function unwrapKey(wrapping: KeyObject, wrapped: string, aad: string): KeyObject {
  return takeKey(decrypt(wrapping, Buffer.from(wrapped, 'base64url'), aad));
}

/** HMAC-SHA256 in hex. */
export function hmacHex(key: KeyObject, text: string | Uint8Array): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
