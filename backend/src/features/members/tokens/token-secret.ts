import { createHash } from 'node:crypto';
import { newSecret } from '../../../platform/ids.js';

/** `slc_` and four letters: of 32 random bytes the 29 that stay hidden are far out of reach. */
const shownLength = 8;

/** A new API token: `slc_` and 32 random bytes. Scanners for leaked secrets find it by how it begins. */
export function newToken(): { token: string; prefix: string; hash: string } {
  const token = `slc_${newSecret(32)}`;
  return { token, prefix: token.slice(0, shownLength), hash: tokenHash(token) };
}

/** What is stored of a token: it is random and long enough that a plain hash can't be searched. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
