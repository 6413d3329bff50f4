import { isCount, isObject, isProof } from './canonical.mjs';
import { keyAt } from './keys.mjs';
import { verifyConsistency } from './merkle.mjs';
import { readNote } from './note.mjs';
import { noteOpener, saySignatures } from './verdict.mjs';

/*
 * A checkpoint that was kept, and a later one: the later log must begin with the earlier one. The later one is the answer
 * of GET /audit/checkpoint?from=SIZE, which brings the proof, and what a witness cosigned last; a note alone is checked for
 * its signatures.
 */

/**
 * @param {string} text a note, or the endpoint's answer
 * @param {import('./verdict.mjs').Trusted & { since?: string | undefined }} given `since`: the kept one, in either form
 * @returns {import('./verdict.mjs').Verdict}
 */
export function verifyCheckpoint(text, { since, ...trusted }) {
  /** @param {string} why @returns {import('./verdict.mjs').Verdict} */
  const bad = (why) => ({ ok: false, kind: 'checkpoint', checked: [], unchecked: [], counts: {}, firstBad: { why } });
  const open = noteOpener(trusted);
  const newer = read(text);
  const note = open(newer.note, newer.cosigned, newer.rotations);
  if (typeof note === 'string') return bad(note);
  if (note === undefined) return bad('brings no signed checkpoint');
  const { checked, unchecked } = saySignatures(note, trusted);
  const counts = { size: note.size };
  if (since === undefined) return { ok: true, kind: 'checkpoint', checked, unchecked, counts };
  const before = read(since);
  const kept = openKept(before, note, trusted);
  if (typeof kept === 'string' || kept === undefined) return bad(`Of the one that was kept: ${kept ?? 'it is none'}`);
  if (kept.origin !== note.origin) return bad(`is of ${note.origin}, and the one that was kept of ${kept.origin}`);
  if (note.size < kept.size)
    return bad(
      `is of ${note.size} blocks, and the log had ${kept.size} before: it was cut, or an older one was put in its place`,
    );
  const { from, proof } = note.size === kept.size ? { from: kept.size, proof: [] } : newer.consistency;
  if (from !== kept.size || !isProof(proof))
    return bad(`brings no proof from ${kept.size} blocks on: ask for GET /audit/checkpoint?from=${kept.size}`);
  if (!verifyConsistency({ oldSize: kept.size, newSize: note.size, oldRoot: kept.root, newRoot: note.root, proof }))
    return bad(`does not continue the one of ${kept.size} blocks that was kept: the log was forked or rewritten`);
  return {
    ok: true,
    kind: 'checkpoint',
    checked: [...checked, `Its log continues the one of ${kept.size} blocks that was kept.`],
    unchecked,
    counts,
  };
}

/**
 * Signed by the key that was in force then.
 * @param {ReturnType<typeof read>} before
 * @param {import('./verdict.mjs').OpenedNote} note
 * @param {import('./verdict.mjs').Trusted} trusted
 */
function openKept(before, note, trusted) {
  const size = readNote(before.note)?.size ?? 0;
  return noteOpener({ ...trusted, key: keyAt(note.terms, size) })(before.note, before.cosigned);
}

/** @param {string} text @returns {{ note: unknown, cosigned?: unknown, rotations?: unknown, consistency: { from?: unknown, proof?: unknown } }} */
function read(text) {
  try {
    const said = JSON.parse(text);
    const consistency = isObject(said?.consistency) && isCount(said.consistency.from) ? said.consistency : {};
    const { witness } = said ?? {};
    const cosigned =
      isObject(witness) && isProof(witness.proof) ? { checkpoint: witness.note, proof: witness.proof } : undefined;
    const { rotations } = said ?? {};
    return { note: said?.note, cosigned, consistency, ...(rotations === undefined ? {} : { rotations }) };
  } catch {
    return { note: text, consistency: {} };
  }
}
