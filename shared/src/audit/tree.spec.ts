import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Sha256 } from './hash.js';
import { consistencyProof, inclusionProof, leafHash, merkleRoot } from './merkle.js';
import {
  consistencySpans,
  growTree,
  hashSpans,
  inclusionSpans,
  isRootOf,
  joinSubtrees,
  type NodePlace,
  subtreesOf,
} from './tree.js';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();
const someLeaves = (count: number) => Array.from({ length: count }, (_, i) => leafHash(Uint8Array.of(i), sha256));
const keyOf = ({ level, index }: NodePlace) => `${level}/${index}`;

/** A tree that was grown in steps of these sizes. */
function grown(steps: readonly number[]) {
  const stored = new Map<string, Uint8Array>();
  const leaves = someLeaves(steps.reduce((sum, step) => sum + step, 0));
  let edge: Uint8Array[] = [];
  let size = 0;
  for (const step of steps) {
    const more = growTree({ size, edge, leaves: leaves.slice(size, size + step) }, sha256);
    for (const node of more.nodes) {
      expect(stored.has(keyOf(node))).toBe(false);
      stored.set(keyOf(node), node.hash);
    }
    edge = more.edge;
    size += step;
  }
  return { leaves, edge, find: (place: NodePlace) => stored.get(keyOf(place)) };
}

describe('a tree that grows', () => {
  test('has the root that RFC 6962 gives it, however its leaves came', () => {
    for (let size = 1; size <= 40; size += 1) {
      const root = merkleRoot(someLeaves(size), sha256);
      for (const steps of [
        [size],
        Array.from({ length: size }, () => 1),
        [Math.floor(size / 3), size - Math.floor(size / 3)],
      ]) {
        const { edge, find } = grown(steps);
        expect(joinSubtrees(edge, sha256)).toEqual(root);
        expect(isRootOf(edge, root, sha256)).toBe(true);
        expect(subtreesOf({ from: 0, to: size }).map(find)).toEqual(edge);
      }
    }
  });

  test('gives the proofs that the whole tree gives', () => {
    const { leaves, find } = grown([5, 1, 20, 14]);
    for (let size = 1; size <= leaves.length; size += 1) {
      const part = leaves.slice(0, size);
      for (let index = 0; index < size; index += 1) {
        expect(hashSpans(inclusionSpans({ index, size }), find, sha256)).toEqual(
          inclusionProof({ leaves: part, index }, sha256),
        );
        expect(hashSpans(consistencySpans({ oldSize: index + 1, size }), find, sha256)).toEqual(
          consistencyProof({ leaves: part, size: index + 1 }, sha256),
        );
      }
    }
  });

  test('says which node it lacks', () => {
    const find = () => undefined;
    expect(() => hashSpans([{ from: 0, to: 4 }], find, sha256)).toThrow('node 0 of level 2');
    expect(() => hashSpans([{ from: 4, to: 4 }], find, sha256)).toThrow(RangeError);
  });
});
