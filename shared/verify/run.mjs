import { canonicalJson, isObject, readCanonical } from './canonical.mjs';
import { sha256 } from './merkle.mjs';
import { readProven } from './proven.mjs';
import { counted, noteOpener, saySignatures } from './verdict.mjs';

/*
 * One run as a file: its entries, each with the proof that its block holds it, each block with the proof that the
 * signed tree holds it, and what the member saw who shared it, whose hash an entry of the log holds.
 */

/**
 * @param {string} text
 * @param {import('./verdict.mjs').Trusted} trusted
 * @returns {import('./verdict.mjs').Verdict}
 */
export function verifyRun(text, trusted) {
  const file = readCanonical(text.replace(/\n$/, ''));
  /** @param {string} why @param {object} where @returns {import('./verdict.mjs').Verdict} */
  const bad = (why, where = {}) => ({
    ok: false,
    kind: 'run',
    checked: [],
    unchecked: [],
    counts: { blocks: 0, entries: 0 },
    firstBad: { ...where, why },
  });
  if (
    !isObject(file) ||
    !/^blocks,checkpoint,(cosigned,)?format,(rotations,)?run,view,workspace$/.test(Object.keys(file).sort().join())
  )
    return bad('was changed: the file is no canonical JSON of a shared run');
  if (file.format !== 'sluice.run/1') return bad('is of a form that this verifier does not know');
  const note = noteOpener(trusted)(file.checkpoint, file.cosigned, file.rotations);
  if (typeof note === 'string') return bad(note);
  if (note === undefined) return bad('brings no signed checkpoint');
  /** @type {{ said: any, place: object }[]} */ const shares = [];
  const read = readProven(file, note, (said, place) => {
    if (said.action === 'run.shared') shares.push({ said, place });
    return said.run === file.run ? undefined : 'belongs to another run';
  });
  const { indexes, counts } = read;
  if (read.bad !== undefined) return { ...bad(''), counts, firstBad: read.bad };
  const last = shares.at(-1);
  if (last === undefined) return bad('is missing: no entry says that this run was shared');
  // Others may have shared it meanwhile, as they see it.
  const view = sha256(canonicalJson(file.view));
  const shared = shares.findLast(({ said }) => said.detail?.view === view);
  if (shared === undefined) return bad('says that something else was shared than this file shows', last.place);
  const signatures = saySignatures(note, trusted);
  const late = note.cosigned.flatMap(({ name, size }) => {
    const count = indexes.filter((index) => index >= size).length;
    const what = `${counted(count, 'block', 'blocks')} of ${counts.blocks} of this run: witness ${name} had not cosigned that yet; share the run again later.`;
    return count === 0 ? [] : [what];
  });
  return {
    ok: true,
    kind: 'run',
    counts,
    checked: [
      ...signatures.checked,
      `Its tree holds ${counted(counts.blocks, 'block', 'blocks')} of run ${file.run}, and these hold ${counted(counts.entries, 'entry', 'entries')}.`,
      `What the file shows is what the log says was shown to ${shared.said.actor.name ?? shared.said.actor.id} at ${shared.said.at}.`,
    ],
    unchecked: [
      ...signatures.unchecked,
      ...late,
      'That no entry of the run was left out: only an export of the whole log can tell.',
    ],
  };
}
