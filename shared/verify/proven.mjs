import { isCount, isObject, isProof } from './canonical.mjs';
import { findLinkProblem, isBlock } from './block.mjs';
import { readEntry } from './entry.mjs';
import { leafHash, verifyInclusion } from './merkle.mjs';

/*
 * Entries each with the proof that its block holds it, and blocks each with the proof that the signed tree holds it: what
 * a shared run and the proof of one entry are made of.
 */

/** @typedef {{ why: string, lane?: string, block?: number, entry?: number }} Bad */
/** @typedef {{ bad?: Bad, indexes: number[], counts: { blocks: number, entries: number } }} Proven `indexes`: of the blocks, in the tree */

/**
 * @param {any} file
 * @param {import('./note.mjs').Note} note
 * @param {(said: any, place: object) => string | undefined} take what else is wrong with an entry that its block holds
 * @returns {Proven}
 */
export function readProven(file, note, take) {
  const counts = { blocks: 0, entries: 0 };
  /** @type {number[]} */ const indexes = [];
  /** @param {string} why @param {object} where */
  const bad = (why, where = {}) => ({ bad: { ...where, why }, indexes, counts });
  const unread = 'was changed: the file does not read as entries with their proofs';
  if (!Array.isArray(file.blocks)) return bad(unread);
  /** @type {import('./block.mjs').Block | undefined} */ let before;
  for (const one of file.blocks) {
    const { block, index, proof, entries } = isObject(one) ? one : {};
    if (!isBlock(block) || !isCount(index) || !isProof(proof) || !Array.isArray(entries)) return bad(unread);
    const where = { lane: block.lane, block: block.n };
    if (before !== undefined && !isAfter(block, before)) return bad('stands twice or out of order', where);
    before = block;
    const broken = findLinkProblem(block, undefined);
    if (broken !== undefined) return bad(broken, where);
    const leaf = leafHash(Buffer.from(block.hash, 'hex'));
    if (!verifyInclusion({ leaf, index, size: note.size, proof, root: note.root }))
      return bad('is not in the tree that the checkpoint signed', where);
    indexes.push(index);
    counts.blocks += 1;
    let lastPos = -1;
    for (const entry of entries) {
      if (!isObject(entry) || !isCount(entry.pos) || typeof entry.body !== 'string' || !isProof(entry.proof))
        return bad(unread, where);
      const place = { ...where, entry: entry.pos };
      const read = readEntry(entry.body, file);
      if (typeof read === 'string') return bad(read, place);
      if (entry.pos <= lastPos) return bad('stands twice or out of order', place);
      lastPos = entry.pos;
      const claim = { leaf: read.leaf, index: entry.pos, size: block.count, proof: entry.proof, root: block.root };
      if (!verifyInclusion(claim)) return bad('was changed: its block does not hold it', place);
      const why = take(read.said, place);
      if (why !== undefined) return bad(why, place);
      counts.entries += 1;
    }
  }
  return { indexes, counts };
}

/** By lane, then by number. @param {import('./block.mjs').Block} block @param {import('./block.mjs').Block} before */
function isAfter(block, before) {
  return block.lane === before.lane ? block.n > before.n : block.lane > before.lane;
}
