import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

const vectors = fileURLToPath(new URL('../../../../shared/data/merkle/', import.meta.url));
const noVectors = existsSync(vectors) ? '' : ` (skipped: ${vectors} is absent)`;
const bytesSchema = z.string().transform((text) => Buffer.from(text, 'base64'));
const proofSchema = z
  .array(bytesSchema)
  .nullable()
  .transform((proof) => proof ?? []);
const inclusionSchema = z.object({
  leafIdx: z.number(),
  treeSize: z.number(),
  root: bytesSchema,
  leafHash: bytesSchema,
  proof: proofSchema,
  wantErr: z.boolean(),
});
const consistencySchema = z.object({
  size1: z.number(),
  size2: z.number(),
  root1: bytesSchema,
  root2: bytesSchema,
  proof: proofSchema,
  wantErr: z.boolean(),
});

describe.skipIf(noVectors)(`the public proof vectors${noVectors}`, () => {
  test('are of both kinds', () => {
    expect(filesIn('inclusion').length).toBeGreaterThan(40);
    expect(filesIn('consistency').length).toBeGreaterThan(40);
  });

  test.each(filesIn('inclusion'))('%s', (file) => {
    const { leafIdx, treeSize, leafHash: leaf, root, proof, wantErr } = inclusionSchema.parse(readJson(file));
    expect(verifyInclusion({ leaf, index: leafIdx, size: treeSize, proof, root }, sha256)).toBe(!wantErr);
  });

  test.each(filesIn('consistency'))('%s', (file) => {
    const { size1, size2, root1, root2, proof, wantErr } = consistencySchema.parse(readJson(file));
    const claim = { oldSize: size1, newSize: size2, oldRoot: root1, newRoot: root2, proof };
    expect(verifyConsistency(claim, sha256)).toBe(!wantErr);
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

  test('gives the root of the eight leaves of the Certificate Transparency tests', () => {
    const bodies = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const leaves = bodies.map((body) => leafHash(fromHex(body), sha256));
    expect(toHex(merkleRoot(leaves, sha256))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
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

function filesIn(folder: string): string[] {
  return globSync(`${folder}/**/*.json`, { cwd: vectors });
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(`${vectors}${file}`, 'utf8'));
}
