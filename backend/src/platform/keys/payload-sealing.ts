import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import { randomPart } from '../random.js';
import { decrypt, encrypt, SealBroken } from './gcm.js';
import type { KeySet } from './key-set.js';

/** What a run's values are kept with. */
export interface PayloadKey {
  /** Encrypts them. */
  key: KeyObject;
  /** Stands before a value whose hash the log tells: whoever hasn't it can't find the value out by trying. */
  salt: string;
}

const keyBytes = 32;

/**
 * A run's own key, and it wrapped as `v<version>.<key>`: dropping that shreds all of the run's payloads and what the log
 * tells of them, in backups too. `keys` are the keyring's for payloads; `place` says whose it is, e.g. `payload|<run>`.
 */
export function newPayloadKey(keys: KeySet, place: string): PayloadKey & { wrapped: string } {
  const bytes = randomPart(keyBytes);
  const wrapped = wrap(keys, bytes, place);
  return { ...takeBytes(bytes), wrapped };
}

/** A key that is at hand, wrapped the same way. */
export function wrapPayloadKey(keys: KeySet, key: KeyObject, place: string): string {
  const bytes = key.export();
  const wrapped = wrap(keys, bytes, place);
  bytes.fill(0);
  return wrapped;
}

/** Throws SealBroken. */
export function unwrapPayloadKey(keys: KeySet, wrapped: string, place: string): PayloadKey {
  return takeBytes(unwrap(keys, wrapped, place));
}

/** The same key under the newest of `keys`. Throws SealBroken. */
export function rewrapPayloadKey(keys: KeySet, wrapped: string, place: string): string {
  const bytes = unwrap(keys, wrapped, place);
  const again = wrap(keys, bytes, place);
  bytes.fill(0);
  return again;
}

function wrap(keys: KeySet, bytes: Buffer, place: string): string {
  const { version } = keys;
  return `v${version}.${encrypt(keys.key, bytes, placeOf(place, version)).toString('base64url')}`;
}

function unwrap(keys: KeySet, wrapped: string, place: string): Buffer {
  const [, digits = '', text = ''] = /^v([1-9]\d{0,8})\.([\w-]+)$/.exec(wrapped) ?? [];
  if (text === '') throw new SealBroken();
  const version = Number(digits);
  return decrypt(keys.find(version), Buffer.from(text, 'base64url'), placeOf(place, version));
}

/** The bytes are wiped. The salt is one way from them, so that it may be told without the key. */
function takeBytes(bytes: Buffer): PayloadKey {
  const salt = hash('sha256', Buffer.concat([saltLabel, bytes]), 'base64url');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { key, salt };
}

const saltLabel = Buffer.from('sluice commitment salt\n');

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
