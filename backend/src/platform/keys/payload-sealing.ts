import type { KeyObject } from 'node:crypto';
import { decrypt, encrypt, SealBroken } from './gcm.js';
import type { KeySet } from './key-set.js';
import { newKey, unwrapKey, wrapKey } from './secret-key.js';

/** A run's own key: dropping its wrapped form shreds all of the run's payloads, in backups too. */
export function newPayloadKey(): KeyObject {
  return newKey();
}

/** `v<version>.<key>`. `keys` are the keyring's for payloads; `place` says whose it is, e.g. `payload|<run>`. */
export function wrapPayloadKey(keys: KeySet, key: KeyObject, place: string): string {
  return `v${keys.version}.${wrapKey(keys.key, key, placeOf(place, keys.version))}`;
}

/** Throws SealBroken. */
export function unwrapPayloadKey(keys: KeySet, wrapped: string, place: string): KeyObject {
  const [, digits = '', text = ''] = /^v([1-9]\d{0,8})\.([\w-]+)$/.exec(wrapped) ?? [];
  if (text === '') throw new SealBroken();
  const version = Number(digits);
  return unwrapKey(keys.find(version), text, placeOf(place, version));
}

/** The same key under the newest of `keys`. Throws SealBroken. */
export function rewrapPayloadKey(keys: KeySet, wrapped: string, place: string): string {
  return wrapPayloadKey(keys, unwrapPayloadKey(keys, wrapped, place), place);
}

/** One AES-256-GCM pass. `aad` names the row: `run|step|attempt|kind`. */
export function sealPayload(key: KeyObject, bytes: Uint8Array, aad: string): Buffer {
  return encrypt(key, bytes, aad);
}

/** Throws SealBroken. */
export function openPayload(key: KeyObject, sealed: Uint8Array, aad: string): Buffer {
  return decrypt(key, sealed, aad);
}

/** The first version named none. */
function placeOf(place: string, version: number): string {
  return version === 1 ? place : `${place}|${version}`;
}
