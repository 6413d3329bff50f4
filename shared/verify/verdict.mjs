import { isObject, isProof } from './canonical.mjs';
import { followKeys } from './keys.mjs';
import { verifyConsistency } from './merkle.mjs';
import { isSignedBy, readNote } from './note.mjs';

/** @typedef {{ why: string, line?: number, lane?: string, block?: number, entry?: number }} Bad the first thing that doesn't hold; `why` goes on after its place */

/**
 * `checked` says what was looked at and holds, a sentence each; `unchecked` what was not, and why.
 * @typedef {{ ok: boolean, kind: string, checked: string[], unchecked: string[], counts: Record<string, number>, firstBad?: Bad }} Verdict
 */
/** @typedef {{ key?: import('./note.mjs').NoteKey | undefined, witnesses?: import('./note.mjs').NoteKey[] }} Trusted whose signatures have to be there */
/**
 * A note, and up to where each witness that was asked for cosigned the log that it is of.
 * @typedef {import('./note.mjs').Note & { cosigned: { name: string, size: number }[], terms: import('./keys.mjs').Term[] }} OpenedNote
 * `terms`: the keys from the one that was given to the one that signed; none without a key
 */
/**
 * Answers a note, or why it doesn't count; undefined for none where none has to be. A witness cosigns a little later than
 * the log is signed: `cosigned` is the last note that it signed, with the proof that this one continues it.
 * `rotations` says how one key of the log handed over to the next.
 * @typedef {((note: unknown, cosigned?: unknown, rotations?: unknown) => OpenedNote | string | undefined) & { isStrict: boolean }} OpenNote
 */

/**
 * Reads notes, and asks for the signatures of those who are trusted.
 * @param {Trusted} trusted
 * @returns {OpenNote}
 */
export function noteOpener({ key, witnesses = [] }) {
  const isStrict = key !== undefined || witnesses.length > 0;
  /** @type {(note: unknown, cosigned?: unknown, rotations?: unknown) => OpenedNote | string | undefined} */
  const open = (given, cosigned, rotations) => {
    if (rotations !== undefined && !Array.isArray(rotations)) return 'brings rotations of its key that can not be read';
    if (cosigned !== undefined && !isCosigned(cosigned)) return 'brings a cosigned checkpoint that can not be read';
    if (given === undefined) return isStrict ? 'brings no signed checkpoint' : undefined;
    const note = readNote(given);
    if (note === undefined) return 'brings a checkpoint that can not be read';
    const terms = key === undefined ? [] : followKeys(note, rotations, key);
    if (typeof terms === 'string') return terms;
    const last = terms.at(-1);
    if (last !== undefined && !isSignedBy(note, last.key)) return unsigned(last.key, last.from);
    const sizes = [];
    for (const witness of witnesses) {
      const size = isSignedBy(note, witness) ? note.size : cosignedSize(note, cosigned, witness);
      if (typeof size === 'string') return size;
      sizes.push({ name: witness.name, size });
    }
    return { ...note, cosigned: sizes, terms };
  };
  return Object.assign(open, { isStrict });
}

/** @param {import('./note.mjs').NoteKey} key @param {number} from */
function unsigned({ name, id }, from = 0) {
  const since = from === 0 ? '' : ` (${id}, which took over at ${from} blocks)`;
  return `brings a checkpoint that the key of ${name}${since} did not sign`;
}

/** @param {any} cosigned */
function isCosigned(cosigned) {
  return isObject(cosigned) && typeof cosigned.checkpoint === 'string' && isProof(cosigned.proof);
}

/**
 * Up to where a witness cosigned what a note continues, or why it did not.
 * @param {import('./note.mjs').Note} note
 * @param {any} cosigned
 * @param {import('./note.mjs').NoteKey} witness
 * @returns {number | string}
 */
function cosignedSize(note, cosigned, witness) {
  const kept = cosigned === undefined ? undefined : readNote(cosigned.checkpoint);
  if (kept === undefined || kept.origin !== note.origin || !isSignedBy(kept, witness)) return unsigned(witness);
  const { proof } = cosigned;
  const claim = { oldSize: kept.size, newSize: note.size, oldRoot: kept.root, newRoot: note.root, proof };
  return verifyConsistency(claim)
    ? kept.size
    : `brings a checkpoint that does not continue the one of ${kept.size} blocks that ${witness.name} cosigned: the log was forked or rewritten`;
}

/**
 * What is to be said of a checkpoint's signatures.
 * @param {OpenedNote | undefined} note
 * @param {Trusted} trusted
 * @returns {{ checked: string[], unchecked: string[] }}
 */
export function saySignatures(note, { key }) {
  if (note === undefined) return { checked: [], unchecked: ['It brings no checkpoint, so nobody signed for it.'] };
  const what = `the checkpoint of ${note.origin} over ${note.size} ${note.size === 1 ? 'block' : 'blocks'}`;
  const checked = note.cosigned.map(({ name, size }) =>
    size === note.size
      ? `Witness ${name} cosigned it.`
      : `Witness ${name} cosigned its first ${counted(size, 'block', 'blocks')}.`,
  );
  const unchecked = note.cosigned.flatMap(({ name, size }) =>
    size === note.size ? [] : [`What came after them: witness ${name} had not cosigned it yet.`],
  );
  if (key === undefined)
    return { checked, unchecked: [`Whose signature stands under ${what}: give the key with --key.`, ...unchecked] };
  const [first, ...followed] = note.terms;
  const keys = followed.map(({ key: { id }, from }) => `key ${id} at ${counted(from, 'block', 'blocks')}`);
  const signed =
    keys.length === 0
      ? [`Your key signed ${what}.`]
      : [
          `Your key ${first?.key.id} handed over to ${keys.join(', and that to ')}: each statement is signed by the key before it.`,
          `The last of them signed ${what}.`,
        ];
  return { checked: [...signed, ...checked], unchecked };
}

/** @param {number} count @param {string} one @param {string} many */
export function counted(count, one, many) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
