import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, type Sha256, toHex } from './hash.js';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  merkleRoot,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from './merkle.js';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();

const hashSchema = z.string().transform(fromHex);
const claimSchema = z.object({ name: z.string(), holds: z.boolean(), proof: z.array(hashSchema) });
const vectors = z
  .object({
    inclusion: z.array(claimSchema.extend({ index: z.number(), size: z.number(), root: hashSchema, leaf: hashSchema })),
    consistency: z.array(
      claimSchema.extend({ oldSize: z.number(), newSize: z.number(), oldRoot: hashSchema, newRoot: hashSchema }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('rfc6962-vectors.json', import.meta.url), 'utf8')));

describe('the public proof vectors', () => {
  test('are of both kinds, and some hold', () => {
    for (const claims of Object.values(vectors)) {
      expect(claims.length).toBeGreaterThan(40);
      expect(new Set(claims.map(({ holds }) => holds)).size).toBe(2);
    }
  });

  test.each(vectors.inclusion)('inclusion $name', ({ holds, ...claim }) => {
    expect(verifyInclusion(claim, sha256)).toBe(holds);
  });

  test.each(vectors.consistency)('consistency $name', ({ holds, ...claim }) => {
    expect(verifyConsistency(claim, sha256)).toBe(holds);
  });
});

describe('merkleRoot', () => {
  test('of nothing is the hash of nothing, of one leaf that leaf', () => {
    expect(toHex(merkleRoot([], sha256))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(toHex(leafHash(new Uint8Array(0), sha256))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(merkleRoot(someLeaves(1), sha256)).toEqual(someLeaves(1)[0]);
  });

  test('gives the roots of the first one to eight leaves of the Certificate Transparency tests', () => {
    const bodies = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const leaves = bodies.map((body) => leafHash(fromHex(body), sha256));
    expect(leaves.map((_, last) => toHex(merkleRoot(leaves.slice(0, last + 1), sha256)))).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]);
  });

  test('is the recursive hash of RFC 6962 for every size to 70', () => {
    for (let size = 1; size <= 70; size += 1) {
      expect(merkleRoot(someLeaves(size), sha256)).toEqual(rootByDefinition(someLeaves(size)));
    }
  });
});

describe('proofs', () => {
  test('of inclusion hold for every leaf of every size to 40, and for no other leaf', () => {
    for (let size = 1; size <= 40; size += 1) {
      const leaves = someLeaves(size);
      const root = merkleRoot(leaves, sha256);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof({ leaves, index }, sha256);
        expect(verifyInclusion({ leaf, index, size, proof, root }, sha256)).toBe(true);
        expect(verifyInclusion({ leaf, index: index + 1, size, proof, root }, sha256)).toBe(false);
        expect(verifyInclusion({ leaf: sha256(leaf), index, size, proof, root }, sha256)).toBe(false);
      }
    }
  });

  test('of consistency hold for every two sizes to 40, and for no other old root', () => {
    for (let newSize = 1; newSize <= 40; newSize += 1) {
      const leaves = someLeaves(newSize);
      const newRoot = merkleRoot(leaves, sha256);
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const oldRoot = merkleRoot(leaves.slice(0, oldSize), sha256);
        const proof = consistencyProof({ leaves, size: oldSize }, sha256);
        expect(verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }, sha256)).toBe(true);
        expect(verifyConsistency({ oldSize, newSize, oldRoot: sha256(oldRoot), newRoot, proof }, sha256)).toBe(false);
        expect(verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof: [...proof, oldRoot] }, sha256)).toBe(
          false,
        );
      }
    }
  });

  test('with any flipped bit are refused', () => {
    const flips = fc.record({
      size: fc.integer({ min: 2, max: 60 }),
      pick: fc.nat(),
      hash: fc.nat(),
      bit: fc.nat(255),
    });
    fc.assert(
      fc.property(flips, ({ size, pick, hash, bit }) => {
        const leaves = someLeaves(size);
        const root = merkleRoot(leaves, sha256);
        const index = pick % size;
        const oldSize = 1 + (pick % (size - 1));
        const oldRoot = merkleRoot(leaves.slice(0, oldSize), sha256);
        const inclusion = inclusionProof({ leaves, index }, sha256);
        const consistency = consistencyProof({ leaves, size: oldSize }, sha256);
        const leaf = leafHash(Uint8Array.of(index), sha256);
        expect(verifyInclusion({ leaf, index, size, proof: inclusion, root }, sha256)).toBe(true);
        expect(verifyInclusion({ leaf, index, size, proof: flip(inclusion, hash, bit), root }, sha256)).toBe(false);
        const claim = { oldSize, newSize: size, oldRoot, newRoot: root };
        expect(verifyConsistency({ ...claim, proof: flip(consistency, hash, bit) }, sha256)).toBe(false);
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 64])(
    'with the hostile number %d are refused',
    (n) => {
      const leaves = someLeaves(3);
      const root = merkleRoot(leaves, sha256);
      const leaf = leafHash(Uint8Array.of(0), sha256);
      const proof = inclusionProof({ leaves, index: 0 }, sha256);
      expect(verifyInclusion({ leaf, index: n, size: 3, proof, root }, sha256)).toBe(false);
      expect(verifyInclusion({ leaf, index: 0, size: n, proof, root }, sha256)).toBe(false);
      expect(verifyConsistency({ oldSize: n, newSize: 3, oldRoot: root, newRoot: root, proof }, sha256)).toBe(false);
      expect(verifyConsistency({ oldSize: 1, newSize: n, oldRoot: root, newRoot: root, proof }, sha256)).toBe(false);
      expect(() => inclusionProof({ leaves, index: n }, sha256)).toThrow(RangeError);
      expect(() => consistencyProof({ leaves, size: n }, sha256)).toThrow(RangeError);
    },
  );

  test('hold for an index past 2^31, where bit operators would cut it', () => {
    const index = 2 ** 40;
    const leaf = leafHash(Uint8Array.of(1), sha256);
    const left = sha256(leaf);
    const root = nodeHash({ left, right: leaf }, sha256);
    expect(verifyInclusion({ leaf, index, size: index + 1, proof: [left], root }, sha256)).toBe(true);
    expect(verifyInclusion({ leaf, index: 0, size: 1, proof: [left], root }, sha256)).toBe(false);
  });
});

function someLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(Uint8Array.of(i), sha256));
}

/** MTH of RFC 6962, section 2.1, word for word. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.concat([Buffer.of(1), rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k))]));
}

function flip(proof: readonly Uint8Array[], pick: number, bit: number): Uint8Array[] {
  return proof.map((hash, i) =>
    i === pick % proof.length ? hash.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)) : hash,
  );
}
