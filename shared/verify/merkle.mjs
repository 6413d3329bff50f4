import { createHash } from 'node:crypto';

/*
 * Merkle trees as in RFC 6962, section 2.1; proofs are checked as RFC 9162, section 2.1, says. Hashes are hex texts.
 * Every number and hash of a proof is taken for hostile.
 */

/** @param {string | Uint8Array} data @returns {string} in hex */
export function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

/** The hash of a leaf. @param {string | Uint8Array} body text counts as UTF-8 */
export function leafHash(body) {
  return createHash('sha256').update(Uint8Array.of(0)).update(body).digest('hex');
}

/** The hash of a node over two others. @param {string} left @param {string} right */
export function nodeHash(left, right) {
  return createHash('sha256')
    .update(Buffer.from(`01${left}${right}`, 'hex'))
    .digest('hex');
}

/** The root over leaf hashes. @param {string[]} leaves @returns {string} */
export function rootOf(leaves) {
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] ?? '', level[i + 1]];
      // An odd last one moves up.
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    level = above;
  }
  return level[0] ?? sha256('');
}

/**
 * Whether a proof leads from a leaf hash, at its index in a tree of that size, to the root.
 * @param {{ leaf: string, index: number, size: number, proof: string[], root: string }} claim
 */
export function verifyInclusion({ leaf, index, size, proof, root }) {
  if (!isSize(index) || !isSize(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash === root;
}

/**
 * Whether a proof shows that the tree with `oldRoot` is the beginning of the one with `newRoot`. An empty old tree
 * proves nothing, so it is refused.
 * @param {{ oldSize: number, newSize: number, oldRoot: string, newRoot: string, proof: string[] }} claim
 */
export function verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }) {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && oldRoot === newRoot;
  if (oldSize === 0 || proof.length === 0 || ![oldRoot, newRoot, ...proof].every(isHash)) return false;
  let [at, last] = [oldSize - 1, newSize - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // The root of a complete old tree is itself a node of the new one, and the proof leaves it out.
  const [start = '', ...rest] = at === 0 ? [oldRoot, ...proof] : proof;
  let [oldHash, newHash] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [oldHash, newHash] = [nodeHash(sibling, oldHash), nodeHash(sibling, newHash)];
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && oldHash === oldRoot && newHash === newRoot;
}

// Sizes may pass 2^31, where bit operators would cut them.
/** @param {number} n */
function half(n) {
  return Math.floor(n / 2);
}

/** @param {number} n */
function isSize(n) {
  return Number.isSafeInteger(n) && n >= 0;
}

/** @param {unknown} text */
function isHash(text) {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
