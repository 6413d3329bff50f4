import { createHash, randomInt } from 'node:crypto';

// No 0/o, 1/l/i: codes are typed from paper. 30 letters ^ 10 = 49 bits each.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Ten recovery codes such as `k7mfp-2xw9q`. */
export function newRecoveryCodes(): string[] {
  const letter = () => letters[randomInt(letters.length)];
  const part = () => Array.from({ length: 5 }, letter).join('');
  return Array.from({ length: 10 }, () => `${part()}-${part()}`);
}

/** What is stored of a one-time token or code. Both are random and long enough that a plain hash can't be searched. */
export function oneTimeHash(text: string): string {
  return createHash('sha256').update(text.trim().toLowerCase().replaceAll('-', '')).digest('hex');
}
