import { isObject, readCanonical } from './canonical.mjs';
import { readProven } from './proven.mjs';
import { counted, noteOpener, saySignatures } from './verdict.mjs';

const format = 'sluice.entry/1';

/** @param {string} text */
export function isOneEntry(text) {
  return readCanonical(text.replace(/\n$/, ''))?.format === format;
}

/**
 * One entry as a file: with the proof that its block holds it, and that the signed tree holds its block.
 * @param {string} text
 * @param {import('./verdict.mjs').Trusted} trusted
 * @returns {import('./verdict.mjs').Verdict}
 */
export function verifyOneEntry(text, trusted) {
  const file = readCanonical(text.replace(/\n$/, ''));
  /** @param {import('./verdict.mjs').Bad} firstBad @returns {import('./verdict.mjs').Verdict} */
  const bad = (firstBad) => ({ ok: false, kind: 'entry', checked: [], unchecked: [], counts: {}, firstBad });
  if (
    !isObject(file) ||
    !/^blocks,checkpoint,(cosigned,)?entry,format,(rotations,)?workspace$/.test(Object.keys(file).sort().join())
  )
    return bad({ why: 'was changed: the file is no canonical JSON of the proof of an entry' });
  if (file.format !== format) return bad({ why: 'is of a form that this verifier does not know' });
  const note = noteOpener(trusted)(file.checkpoint, file.cosigned, file.rotations);
  if (typeof note === 'string') return bad({ why: note });
  if (note === undefined) return bad({ why: 'brings no signed checkpoint' });
  /** @type {any} */ let entry;
  /** @type {any} */ let at;
  const {
    counts,
    indexes,
    bad: firstBad,
  } = readProven(file, note, (said, place) => {
    [entry, at] = [said, place];
    return said.id === file.entry ? undefined : 'is another entry than the file names';
  });
  if (firstBad !== undefined) return bad(firstBad);
  if (counts.entries !== 1 || counts.blocks !== 1)
    return bad({ why: 'does not hold exactly the one entry that it names' });
  const signatures = saySignatures(note, trusted);
  const late = note.cosigned.flatMap(({ name, size }) =>
    indexes.every((index) => index < size)
      ? []
      : [
          `This entry: witness ${name} had cosigned its first ${counted(size, 'block', 'blocks')} only; ask for the proof again later.`,
        ],
  );
  return {
    ok: true,
    kind: 'entry',
    counts,
    checked: [
      ...signatures.checked,
      `Its tree holds block ${at.block} of lane ${at.lane}, and that holds this as its entry ${at.entry}:`,
      `${entry.actor.name ?? entry.actor.id} (${entry.actor.kind}), ${entry.action}, at ${entry.at}, id ${entry.id}.`,
    ],
    unchecked: [
      ...signatures.unchecked,
      ...late,
      'What comes before and after it: only an export of the whole log can tell.',
    ],
  };
}
