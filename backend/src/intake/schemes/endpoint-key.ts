import { createSecretKey, type KeyObject } from 'node:crypto';
import { isPublicKeyText, readPublicKey } from '../../platform/keys/ed25519-text.js';
import type { Scheme } from './scheme.js';

/**
 * What an endpoint was given, as a key to verify with; null for one that proves nothing. A public key is never an HMAC key,
 * whatever scheme the endpoint has by now: everybody may know it.
 */
export function endpointKey(scheme: Scheme, text: string): KeyObject | null {
  if (isPublicKeyText(text)) return scheme.takesPublicKeys === true ? readPublicKey(text) : null;
  const bytes = scheme.keyBytes(text);
  // Anyone can sign with an empty key.
  return bytes.length === 0 ? null : createSecretKey(bytes);
}
