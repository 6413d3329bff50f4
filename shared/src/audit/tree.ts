import { equalBytes, type Sha256 } from './hash.js';
import { nodeHash } from './merkle.js';

/*
 * A Merkle tree (RFC 6962) that grows and is too large to be held: complete subtrees are stored once and never change.
 * A tree of any size, and a proof about it, is made of a few dozen of them.
 */

/** A complete subtree: 2^level leaves from leaf `index * 2^level` on. Level 0 is a leaf. */
export interface TreeNode {
  level: number;
  index: number;
  hash: Uint8Array;
}
export type NodePlace = Omit<TreeNode, 'hash'>;

/** Leaves from `from` up to, not with, `to`. */
interface Span {
  from: number;
  to: number;
}

/** The complete subtrees that a span is made of, left to right. `from` is a multiple of what the span's largest one holds. */
export function subtreesOf({ from, to }: Span): NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    while (2 ** (level + 1) <= to - at) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}

/** The hash over such subtrees; undefined for none. */
export function joinSubtrees(hashes: readonly Uint8Array[], sha256: Sha256): Uint8Array | undefined {
  return hashes.reduceRight<Uint8Array | undefined>(
    (right, left) => (right === undefined ? left : nodeHash({ left, right }, sha256)),
    undefined,
  );
}

/** Adds leaves to a tree whose subtrees are `edge`: answers every node that is new, the leaves among them, and the new edge. */
export function growTree(
  { size, edge, leaves }: { size: number; edge: readonly Uint8Array[]; leaves: readonly Uint8Array[] },
  sha256: Sha256,
): { nodes: TreeNode[]; edge: Uint8Array[] } {
  const nodes: TreeNode[] = [];
  const grown = [...edge];
  for (const [i, leaf] of leaves.entries()) {
    let node: TreeNode = { level: 0, index: size + i, hash: leaf };
    nodes.push(node);
    while (node.index % 2 === 1) {
      const left = grown.pop() ?? leaf;
      const hash = nodeHash({ left, right: node.hash }, sha256);
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash };
      nodes.push(node);
    }
    grown.push(node.hash);
  }
  return { nodes, edge: grown };
}

/** The spans whose hashes prove that a leaf is in a tree of that size, in the proof's order. */
export function inclusionSpans({ index, size }: { index: number; size: number }): Span[] {
  const spans: Span[] = [];
  let part: Span = { from: 0, to: size };
  while (part.to - part.from > 1) {
    const { left, right } = split(part);
    spans.push(index < left.to ? right : left);
    part = index < left.to ? left : right;
  }
  return spans.reverse();
}

/** The spans whose hashes prove that a tree of `oldSize` (1 or more) is the beginning of one of `size`. */
export function consistencySpans({ oldSize, size }: { oldSize: number; size: number }): Span[] {
  const spans: Span[] = [];
  let part: Span = { from: 0, to: size };
  while (oldSize < part.to) {
    const { left, right } = split(part);
    spans.push(oldSize <= left.to ? right : left);
    part = oldSize <= left.to ? left : right;
  }
  if (part.from > 0) spans.push(part);
  return spans.reverse();
}

/** The hashes of spans, read from stored subtrees. Throws a `RangeError` when one is missing. */
export function hashSpans(
  spans: readonly Span[],
  find: (place: NodePlace) => Uint8Array | undefined,
  sha256: Sha256,
): Uint8Array[] {
  return spans.map((span) => {
    const hashes = subtreesOf(span).map((place) => {
      const hash = find(place);
      if (hash === undefined) throw new RangeError(`The tree lacks the node ${place.index} of level ${place.level}.`);
      return hash;
    });
    const hash = joinSubtrees(hashes, sha256);
    if (hash === undefined) throw new RangeError('A span of no leaves has no hash.');
    return hash;
  });
}

/** Whether an edge gives a root. */
export function isRootOf(edge: readonly Uint8Array[], root: Uint8Array, sha256: Sha256): boolean {
  return equalBytes(joinSubtrees(edge, sha256) ?? sha256(new Uint8Array(0)), root);
}

function split({ from, to }: Span): { left: Span; right: Span } {
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return { left: { from, to: from + half }, right: { from: from + half, to } };
}
