import { createHash } from 'node:crypto';
import { leafHash, merkleRoot, type Sha256, toHex, utf8 } from '@sluice/shared/audit';
import { expect, it } from 'vitest';
import { entryRoot } from './entry-root.js';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();

it('is the Merkle root that a verifier computes, of any number of entries', () => {
  const bodies = Array.from({ length: 70 }, (_, n) => `{"n":${n},"text":"é\u0000😀"}`);
  for (let count = 0; count <= bodies.length; count += 1) {
    const some = bodies.slice(0, count);
    const leaves = some.map((body) => leafHash(utf8(body), sha256));
    expect(entryRoot(some)).toBe(toHex(merkleRoot(leaves, sha256)));
  }
});
