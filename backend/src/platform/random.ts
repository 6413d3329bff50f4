import { randomBytes, randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(16_384);
let used = pool.length;

/**
 * So many random bytes, drawn many at once: a call to the generator takes 4 microseconds, however little it asks for,
 * and a run asks for a dozen nonces, keys and ids.
 */
export function randomPart(bytes: number): Buffer {
  if (bytes > pool.length) return randomBytes(bytes);
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const part = Buffer.allocUnsafe(bytes);
  pool.copy(part, 0, used, used + bytes);
  // What becomes a key must lie nowhere else.
  pool.fill(0, used, used + bytes);
  used += bytes;
  return part;
}
