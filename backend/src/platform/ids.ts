import { randomBytes, randomFillSync, randomInt } from 'node:crypto';
import { type Id, idPrefixes } from '@sluice/shared/lib';

type Kind = keyof typeof idPrefixes;

const pool = Buffer.alloc(8192);
let used = pool.length;
let lastMs = 0;
let sequence = 0;

/**
 * A new id: prefix, 48 bits of milliseconds, 16 bits of sequence, 80 bits of randomness, as 36 hex digits.
 * Ids of one process grow (their order is their age), and none can be guessed.
 */
export function newId<K extends Kind>(kind: K): Id<(typeof idPrefixes)[K]> {
  const ms = Date.now();
  sequence = ms > lastMs ? 0 : sequence + 1;
  lastMs = Math.max(ms, lastMs) + (sequence > 0xffff ? 1 : 0);
  if (sequence > 0xffff) sequence = 0;
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const time = lastMs.toString(16).padStart(12, '0') + sequence.toString(16).padStart(4, '0');
  return `${idPrefixes[kind]}_${time}${random}`;
}

/** Makes ids. */
export type NewId = typeof newId;

/** A number from 0 to 1 that nobody can foresee. */
export function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

/** A secret for links, tokens and signing keys: base64url, `bytes` of randomness. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
