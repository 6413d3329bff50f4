import { z } from 'zod';
import { hashTextSchema } from './block.js';
import {
  type Checkpoint,
  type NoteKey,
  openCheckpoint,
  readCheckpoint,
  readNoteKey,
  type VerifyEd25519,
  writeNoteKey,
} from './checkpoint.js';
import { fromHex, type Sha256 } from './hash.js';
import { verifyConsistency } from './merkle.js';

/*
 * How the key of a log is replaced: its last checkpoint names the next key in a line of its own and is signed by both.
 * Whoever has the first key follows these statements to the one that signs today.
 */

export const rotationSchema = z.strictObject({
  /** The last checkpoint of the key before. */
  statement: z.string().max(16_384),
  /** That the checkpoint beside it continues the statement (hashes in hex). */
  proof: z.array(hashTextSchema).max(64),
});
export type Rotation = z.output<typeof rotationSchema>;

export const mostRotations = 1000;

/** A key, and the number of blocks after which it signs. */
export interface KeyTerm {
  key: NoteKey;
  from: number;
}

/**
 * The keys from the one that is trusted to the one that has to have signed `checkpoint`; or why they can't be followed.
 * Statements from before the trusted key are passed over.
 */
export function followKeys(
  { checkpoint, rotations, trusted }: { checkpoint: Checkpoint; rotations: readonly Rotation[]; trusted: NoteKey },
  tools: { sha256: Sha256; verify: VerifyEd25519 },
): KeyTerm[] | string {
  let last: KeyTerm = { key: trusted, from: 0 };
  const terms = [last];
  for (const { statement, proof } of rotations) {
    const said = readCheckpoint(statement)?.checkpoint;
    const key = said?.nextKey === undefined ? undefined : readNoteKey(said.nextKey, tools.sha256);
    if (said === undefined || key === undefined || said.origin !== trusted.name || key.name !== trusted.name)
      return 'brings a rotation of its key that can not be read';
    const { size, root } = said;
    if (openCheckpoint(statement, last.key, tools) === undefined) {
      if (terms.length === 1) continue;
      return `brings a rotation of its key at ${size} blocks that the key before did not sign`;
    }
    if (writeNoteKey(key, tools.sha256) === writeNoteKey(last.key, tools.sha256)) continue;
    const claim = { oldSize: size, newSize: checkpoint.size, oldRoot: root, newRoot: checkpoint.root };
    if (size < last.from || !verifyConsistency({ ...claim, proof: proof.map(fromHex) }, tools.sha256))
      return `does not continue the log of ${size} blocks at which its key was replaced: it was forked or rewritten`;
    last = { key, from: size };
    terms.push(last);
  }
  return terms;
}
