import type { KeyObject } from 'node:crypto';
import { decrypt, encrypt, SealBroken } from './gcm.js';
import type { KeyPurpose } from './keyring.js';
import { newKey, unwrapKey, wrapKey } from './secret-key.js';

/** Where a sealed value lives. It opens nowhere else. */
export interface SealedPlace {
  purpose: KeyPurpose;
  workspace: string;
  environment: string;
  table: string;
  row: string;
  column: string;
  /** Of the key; 1 when left out. */
  keyVersion?: number;
}

/**
 * Seals with a data key of its own, wrapped by `key` (the keyring's for the purpose): text `v1.<data key>.<value>`.
 * A data key is used once, so that nonces can't meet.
 */
export function seal(key: KeyObject, plaintext: Uint8Array | string, place: SealedPlace): string {
  const aad = describePlace(place);
  const dataKey = newKey();
  const value = encrypt(dataKey, typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext, aad);
  return `v1.${wrapKey(key, dataKey, aad)}.${value.toString('base64url')}`;
}

/** Throws SealBroken when the value was changed or moved. */
export function open(key: KeyObject, sealed: string, place: SealedPlace): Buffer {
  const [version, dataKey, value, ...rest] = sealed.split('.');
  if (version !== 'v1' || dataKey === undefined || value === undefined || rest.length > 0) throw new SealBroken();
  const aad = describePlace(place);
  return decrypt(unwrapKey(key, dataKey, aad), Buffer.from(value, 'base64url'), aad);
}

export function openText(key: KeyObject, sealed: string, place: SealedPlace): string {
  return open(key, sealed, place).toString('utf8');
}

function describePlace(place: SealedPlace): string {
  const { purpose, workspace, environment, table, row, column, keyVersion = 1 } = place;
  const parts = [purpose, workspace, environment, table, row, column];
  // Else one place could be spelled like another.
  if (parts.some((part) => part.includes('|'))) throw new Error('A sealed place may not contain "|"');
  return [...parts, keyVersion].join('|');
}
