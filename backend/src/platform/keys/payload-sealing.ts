import type { KeyObject } from 'node:crypto';
import { decrypt, encrypt } from './gcm.js';
import { newKey, unwrapKey, wrapKey } from './secret-key.js';

/** A run's own key: dropping its wrapped form shreds all of the run's payloads, in backups too. */
export function newPayloadKey(): KeyObject {
  return newKey();
}

/** `wrapping` is the keyring's `payload` key; `place` says whose it is, e.g. `payload|<run>`. */
export function wrapPayloadKey(wrapping: KeyObject, key: KeyObject, place: string): string {
  return `v1.${wrapKey(wrapping, key, place)}`;
}

/** Throws SealBroken. */
export function unwrapPayloadKey(wrapping: KeyObject, wrapped: string, place: string): KeyObject {
  return unwrapKey(wrapping, wrapped.replace(/^v1\./, ''), place);
}

/** One AES-256-GCM pass. `aad` names the row: `run|step|attempt|kind`. */
export function sealPayload(key: KeyObject, bytes: Uint8Array, aad: string): Buffer {
  return encrypt(key, bytes, aad);
}

/** Throws SealBroken. */
export function openPayload(key: KeyObject, sealed: Uint8Array, aad: string): Buffer {
  return decrypt(key, sealed, aad);
}
