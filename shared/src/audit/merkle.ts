import { equalBytes, hashLength, type Sha256 } from './hash.js';

/*
 * Merkle trees as in RFC 6962, section 2.1; proofs are checked with the algorithms of RFC 9162, section 2.1.
 * The functions that check a proof take each number and each hash in it for hostile: they never throw and never loop longer than the proof is.
 */

/** The hash that stands for a body in a tree. */
export function leafHash(body: Uint8Array, sha256: Sha256): Uint8Array {
  const data = new Uint8Array(1 + body.length);
  data.set(body, 1);
  return sha256(data);
}

/** The hash of an inner node. */
export function nodeHash({ left, right }: { left: Uint8Array; right: Uint8Array }, sha256: Sha256): Uint8Array {
  const data = new Uint8Array(1 + left.length + right.length);
  data[0] = 1;
  data.set(left, 1);
  data.set(right, 1 + left.length);
  return sha256(data);
}

/** The root over leaf hashes in their order; of no leaves, the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  let level = leaves;
  while (level.length > 1) level = levelAbove(level, sha256);
  return level[0] ?? sha256(new Uint8Array(0));
}

/** Pairs are joined, an odd last one moves up: the same tree as RFC 6962's split at the largest power of two. */
function levelAbove(level: readonly Uint8Array[], sha256: Sha256): Uint8Array[] {
  const above: Uint8Array[] = [];
  let left: Uint8Array | undefined;
  for (const hash of level) {
    if (left) above.push(nodeHash({ left, right: hash }, sha256));
    left = left ? undefined : hash;
  }
  if (left) above.push(left);
  return above;
}

/** The sibling hashes from a leaf up to the root. Throws a `RangeError` when there is no such leaf. */
export function inclusionProof(
  { leaves, index }: { leaves: readonly Uint8Array[]; index: number },
  sha256: Sha256,
): Uint8Array[] {
  if (!isCount(index) || index >= leaves.length) throw new RangeError(`No leaf ${index} among ${leaves.length}.`);
  const proof: Uint8Array[] = [];
  let level = leaves;
  let at = index;
  while (level.length > 1) {
    const sibling = level[at % 2 === 1 ? at - 1 : at + 1];
    if (sibling) proof.push(sibling);
    level = levelAbove(level, sha256);
    at = half(at);
  }
  return proof;
}

/** Shows that the tree over the first `size` leaves is the beginning of the tree over all. Throws a `RangeError` for a size that isn't 1 to all. */
export function consistencyProof(
  { leaves, size }: { leaves: readonly Uint8Array[]; size: number },
  sha256: Sha256,
): Uint8Array[] {
  if (!isCount(size) || size < 1 || size > leaves.length)
    throw new RangeError(`No tree of ${size} in ${leaves.length}.`);
  const proof: Uint8Array[] = [];
  let part = leaves;
  let old = size;
  let oldIsWhole = true;
  while (old < part.length) {
    const split = largestPowerOfTwoBelow(part.length);
    const left = part.slice(0, split);
    const right = part.slice(split);
    const inLeft = old <= split;
    proof.push(merkleRoot(inLeft ? right : left, sha256));
    part = inLeft ? left : right;
    old = inLeft ? old : old - split;
    oldIsWhole &&= inLeft;
  }
  if (!oldIsWhole) proof.push(merkleRoot(part, sha256));
  return proof.reverse();
}

/** Whether the proof leads from the leaf hash, at its index in a tree of that size, to the root. */
export function verifyInclusion(
  claim: { leaf: Uint8Array; index: number; size: number; proof: readonly Uint8Array[]; root: Uint8Array },
  sha256: Sha256,
): boolean {
  const { leaf, index, size, proof, root } = claim;
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash({ left: sibling, right: hash }, sha256);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash({ left: hash, right: sibling }, sha256);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(hash, root);
}

/** Whether the proof shows that the tree with `oldRoot` is the beginning of the one with `newRoot`. An empty old tree proves nothing, so it is refused. */
export function verifyConsistency(
  claim: { oldSize: number; newSize: number; oldRoot: Uint8Array; newRoot: Uint8Array; proof: readonly Uint8Array[] },
  sha256: Sha256,
): boolean {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot);
  if (oldSize === 0 || ![oldRoot, newRoot, ...proof].every(isHash)) return false;

  let at = oldSize - 1;
  let last = newSize - 1;
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // `at` is 0 exactly when the old size is a power of two: then its root is itself a node of the new tree, and the proof leaves it out.
  const [start, ...rest] = at === 0 ? [oldRoot, ...proof] : proof;
  if (!start || proof.length === 0) return false;
  let oldHash = start;
  let newHash = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash({ left: sibling, right: oldHash }, sha256);
      newHash = nodeHash({ left: sibling, right: newHash }, sha256);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      newHash = nodeHash({ left: newHash, right: sibling }, sha256);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot);
}

// Sizes may pass 2^31, where the bit operators of the language would cut them.
function half(n: number): number {
  return Math.floor(n / 2);
}

function largestPowerOfTwoBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === hashLength;
}
