import { isObject, isProof } from './canonical.mjs';
import { verifyConsistency } from './merkle.mjs';
import { isSignedBy, readKey, readNote } from './note.mjs';

/*
 * How the key of a log is replaced: its last checkpoint names the next key in a line `next-key` and is signed by both.
 * Whoever has one key follows these statements to the one that signs today.
 */

/** @typedef {{ key: import('./note.mjs').NoteKey, from: number }} Term a key, and the number of blocks after which it signs */

/**
 * The keys from the one that is trusted to the one that has to have signed a note, or why they can't be followed.
 * Statements from before the trusted key are passed over.
 * @param {import('./note.mjs').Note} note
 * @param {unknown} rotations statements with the proof (hashes in hex) that `note` continues each, the oldest first
 * @param {import('./note.mjs').NoteKey} trusted
 * @returns {Term[] | string}
 */
export function followKeys(note, rotations, trusted) {
  const terms = [{ key: trusted, from: 0 }];
  for (const one of Array.isArray(rotations) ? rotations : []) {
    const said = isObject(one) && isProof(one.proof) ? readNote(one.statement) : undefined;
    const key = readNextKey(said);
    if (said === undefined || key === undefined || said.origin !== trusted.name)
      return 'brings a rotation of its key that can not be read';
    const last = terms[terms.length - 1] ?? { key: trusted, from: 0 };
    if (!isSignedBy(said, last.key)) {
      if (terms.length === 1) continue;
      return `brings a rotation of its key at ${said.size} blocks that the key before did not sign`;
    }
    if (key.key.equals(last.key.key)) continue;
    const claim = { oldSize: said.size, newSize: note.size, oldRoot: said.root, newRoot: note.root, proof: one.proof };
    if (said.size < last.from || !verifyConsistency(claim))
      return `does not continue the log of ${said.size} blocks at which its key was replaced: it was forked or rewritten`;
    terms.push({ key, from: said.size });
  }
  return terms;
}

/** The key that a statement hands over to; undefined for any other note. @param {import('./note.mjs').Note | undefined} note */
export function readNextKey(note) {
  const key = note?.nextKey === undefined ? undefined : readKey(note.nextKey);
  return key?.kind === 1 && key.name === note?.origin ? key : undefined;
}

/** The key that had to sign a log of so many blocks. @param {Term[]} terms @param {number} size */
export function keyAt(terms, size) {
  return terms.findLast(({ from }) => from < size)?.key ?? terms[0]?.key;
}
