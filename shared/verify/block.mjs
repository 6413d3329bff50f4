import { canonicalJson, isCount, isHash, isObject } from './canonical.mjs';
import { sha256 } from './merkle.mjs';

/** @typedef {{ lane: string, n: number, prev: string, root: string, count: number, hash: string }} Block */

const members = 'count,hash,lane,n,prev,root';
const nothing = '0'.repeat(64);
const mostEntries = 100_000;

/** @param {any} block @returns {block is Block} */
export function isBlock(block) {
  return (
    isObject(block) &&
    Object.keys(block).sort().join() === members &&
    typeof block.lane === 'string' &&
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/.test(block.lane) &&
    isCount(block.n) &&
    isCount(block.count) &&
    block.count >= 1 &&
    block.count <= mostEntries &&
    [block.prev, block.root, block.hash].every(isHash)
  );
}

/**
 * Why a block is not what was written, or no link after the one before it; undefined: it holds.
 * @param {Block} block
 * @param {Block | undefined} previous undefined where the reader begins
 */
export function findLinkProblem({ hash, ...content }, previous) {
  if (sha256(canonicalJson(content)) !== hash) return 'was changed: its content no longer matches its hash';
  if (content.n === 0 && content.prev !== nothing) return 'is the first of its lane but names a block before it';
  if (previous === undefined) return undefined;
  if (content.n !== previous.n + 1) return `follows block ${previous.n}, where block ${previous.n + 1} belongs`;
  if (content.prev !== previous.hash)
    return `does not continue block ${previous.n}: it names another hash as the previous one`;
  return undefined;
}
