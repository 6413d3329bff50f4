import { type KeyObject, randomInt } from 'node:crypto';
import { type Id, idPrefixes } from '@sluice/shared/lib';
import { takeKey } from './keys/secret-key.js';
import { randomPart } from './random.js';

type Kind = keyof typeof idPrefixes;

let lastMs = 0;
let sequence = 0;
let time = '';

/**
 * A new id: prefix, 48 bits of milliseconds, 16 bits of sequence, 80 bits of randomness, as 36 hex digits.
 * Ids of one process grow (their order is their age), and none can be guessed.
 */
export function newId<K extends Kind>(kind: K): Id<(typeof idPrefixes)[K]> {
  const ms = Date.now();
  sequence += 1;
  if (ms > lastMs || sequence > 0xffff) {
    // The clock may have gone back, and 65,536 ids a millisecond may not be enough: then it runs ahead.
    lastMs = Math.max(ms, lastMs + 1);
    sequence = 0;
    time = lastMs.toString(16).padStart(12, '0');
  }
  return `${idPrefixes[kind]}_${time}${hex4(sequence)}${randomPart(10).toString('hex')}`;
}

function hex4(number: number): string {
  return (number + 0x10000).toString(16).slice(1);
}

/** Makes ids. */
export type NewId = typeof newId;

/** A number from 0 to 1 that nobody can foresee. */
export function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

/** A secret for links, tokens and signing keys: base64url, `bytes` of randomness. */
export function newSecret(bytes = 32): string {
  return randomPart(bytes).toString('base64url');
}

/** A secret of Standard Webhooks 1.0: `whsec_` and its 32 bytes in base64. */
export function newSigningSecret(): { text: string; key: KeyObject } {
  const bytes = randomPart(32);
  return { text: `whsec_${bytes.toString('base64')}`, key: takeKey(bytes) };
}
