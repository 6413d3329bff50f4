import type { KeyObject } from 'node:crypto';
import { type Envelope, fromBytes, fromText, toBytes, toText } from './envelope.js';
import { decrypt, encrypt } from './gcm.js';
import type { KeyPurpose } from './wrapped-keys.js';
import type { KeySet } from './key-set.js';
import { newKey, takeKey } from './secret-key.js';

/** Where a sealed value lives. It opens nowhere else. */
export interface SealedPlace {
  purpose: KeyPurpose;
  workspace: string;
  environment: string;
  table: string;
  row: string;
  column: string;
}

/**
 * Seals with a data key of its own, wrapped by the newest of `keys` (the keyring's for the purpose): text
 * `v<version>.<data key>.<value>`. A data key is used once, so that nonces can't meet.
 */
export function seal(keys: KeySet, plaintext: Uint8Array | string, place: SealedPlace): string {
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
  return toText(close(keys, bytes, describePlace(place)));
}

/** Throws SealBroken when the value was changed or moved. */
export function open(keys: KeySet, sealed: string, place: SealedPlace): Buffer {
  return unclose(keys, fromText(sealed), describePlace(place));
}

export function openText(keys: KeySet, sealed: string, place: SealedPlace): string {
  return open(keys, sealed, place).toString('utf8');
}

/** The same value under the newest of `keys`: only its data key is wrapped anew. Throws SealBroken. */
export function resealText(keys: KeySet, sealed: string, place: SealedPlace): string {
  return toText(rewrap(keys, fromText(sealed), describePlace(place)));
}

/** As `seal`, for values that are kept as bytes. `place` names the row. */
export function sealBytes(keys: KeySet, bytes: Uint8Array, place: string): Buffer {
  return toBytes(close(keys, bytes, place));
}

/** Throws SealBroken. */
export function openBytes(keys: KeySet, sealed: Buffer, place: string): Buffer {
  const envelope = fromBytes(sealed);
  return envelope === null ? decrypt(keys.find(1), sealed, place) : unclose(keys, envelope, place);
}

/** Throws SealBroken. */
export function resealBytes(keys: KeySet, sealed: Buffer, place: string): Buffer {
  const envelope = fromBytes(sealed);
  return envelope === null
    ? sealBytes(keys, openBytes(keys, sealed, place), place)
    : toBytes(rewrap(keys, envelope, place));
}

function close(keys: KeySet, bytes: Uint8Array, place: string): Envelope {
  const dataKey = newKey();
  const { version } = keys;
  return { version, dataKey: wrap(keys, dataKey, place), value: encrypt(dataKey, bytes, valueOf(place)) };
}

function unclose(keys: KeySet, envelope: Envelope, place: string): Buffer {
  return decrypt(unwrap(keys, envelope, place), envelope.value, valueOf(place));
}

function rewrap(keys: KeySet, envelope: Envelope, place: string): Envelope {
  return { ...envelope, version: keys.version, dataKey: wrap(keys, unwrap(keys, envelope, place), place) };
}

function wrap(keys: KeySet, dataKey: KeyObject, place: string): Buffer {
  const bytes = dataKey.export();
  const wrapped = encrypt(keys.key, bytes, `${place}|${keys.version}`);
  bytes.fill(0);
  return wrapped;
}

function unwrap(keys: KeySet, { version, dataKey }: Envelope, place: string): KeyObject {
  return takeKey(decrypt(keys.find(version), dataKey, `${place}|${version}`));
}

/** A data key has one version: a value sealed anew has another. */
function valueOf(place: string): string {
  return `${place}|1`;
}

function describePlace({ purpose, workspace, environment, table, row, column }: SealedPlace): string {
  const parts = [purpose, workspace, environment, table, row, column];
  // Else one place could be spelled like another.
  if (parts.some((part) => part.includes('|'))) throw new Error('A sealed place may not contain "|"');
  return parts.join('|');
}
