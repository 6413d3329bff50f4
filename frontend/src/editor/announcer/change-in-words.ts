import type { Catalogue } from '@sluice/shared/connector';
import { type Edge, everyLevel, everyStep, type FlowDocument, portOf, type Step } from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';
import { edgeId } from '../canvas/canvas-ids.js';
import { titleOfGroup } from '../canvas/group-view.js';
import { placesOf } from '../canvas/layout.js';
import { titleOf } from '../canvas/step-words.js';
import { isSameMeaning } from '../store/editor-store.js';

/** What somebody who sees the canvas would notice between two drawings, in a sentence; null where that is nothing. */
export function changeInWords(before: FlowDocument, after: FlowDocument, catalogue: Catalogue): string | null {
  const [had, has] = [stepsOf(before), stepsOf(after)];
  const title = (id: string) => {
    const step = has.get(id) ?? had.get(id);
    return step === undefined ? id : titleOf(step, has.has(id) ? after : before, catalogue);
  };
  const names = (ids: readonly string[]) => (ids.length <= 3 ? ids.map(title).join(', ') : plural(ids.length, 'step'));
  if (isSameMeaning(before, after))
    return notesInWords(before, after) ?? groupsInWords(before, after, names) ?? movesInWords(before, after, names);
  const wires = compare(wiresOf(before), wiresOf(after));
  const steps = compare(had, has);
  const [added, removed] = [steps.added, steps.removed].map((each) => each.map(({ id }) => id));
  if (added?.length === 1) {
    // Another id is the same step by another name.
    if (removed?.length === 1) return `Renamed to ${names(added)}.`;
    const from = wires.added.filter(({ to }) => to === added[0]).map((wire) => wire.from);
    return `Added ${names(added)}${from.length === 0 ? '' : ` after ${names(from)}`}.`;
  }
  if (added?.length) return `Added ${names(added)}.`;
  if (removed?.length) return `Removed ${names(removed)}.`;
  const switched = [...has.values()].filter(({ id, disabled }) => !disabled !== !had.get(id)?.disabled);
  if (switched.length > 0)
    return `Switched ${names(switched.map(({ id }) => id))} ${switched[0]?.disabled ? 'off' : 'on'}.`;
  const ends = (wire: Edge, word: string) => {
    const port = portOf(wire);
    return `${title(wire.from)}${port === 'next' ? '' : `, ${port},`} ${word} ${title(wire.to)}`;
  };
  if (wires.added.length > 0) return `Connected ${wires.added.map((wire) => ends(wire, 'to')).join('; ')}.`;
  if (wires.removed.length > 0) return `Disconnected ${wires.removed.map((wire) => ends(wire, 'from')).join('; ')}.`;
  return null;
}

function stepsOf(document: FlowDocument): Map<string, Step> {
  return new Map([...everyStep(document)].map((step) => [step.id, step]));
}

function wiresOf(document: FlowDocument): Map<string, Edge> {
  return new Map(everyLevel(document).flatMap(({ edges }) => edges.map((edge) => [edgeId(edge), edge])));
}

function compare<Part>(had: ReadonlyMap<string, Part>, has: ReadonlyMap<string, Part>) {
  const missing = (from: ReadonlyMap<string, Part>, of: ReadonlyMap<string, Part>) =>
    [...from].flatMap(([key, part]) => (of.has(key) ? [] : [part]));
  return { added: missing(has, had), removed: missing(had, has) };
}

function notesInWords(before: FlowDocument, after: FlowDocument): string | null {
  const more = after.notes.length - before.notes.length;
  return more === 0 ? null : more > 0 ? 'Added a note.' : 'Removed a note.';
}

function groupsInWords(
  before: FlowDocument,
  after: FlowDocument,
  names: (ids: readonly string[]) => string,
): string | null {
  const had = new Map(before.groups.map((group) => [group.id, group]));
  const has = new Set(after.groups.map(({ id }) => id));
  const gone = before.groups.find(({ id }) => !has.has(id));
  const added = after.groups.find(({ id }) => !had.has(id));
  if (added) return `Grouped ${names(added.steps)}.`;
  if (gone) return `Ungrouped ${titleOfGroup(gone)}.`;
  const changed = after.groups.find((group) => had.get(group.id)?.steps.join() !== group.steps.join());
  return changed ? `${titleOfGroup(changed)} holds ${names(changed.steps)}.` : null;
}

/** With the place, so that each press of an arrow gives another sentence and is read. */
function movesInWords(
  before: FlowDocument,
  after: FlowDocument,
  names: (ids: readonly string[]) => string,
): string | null {
  const [was, is] = [placesOf(before), placesOf(after)];
  const moved = Object.keys(is).filter((id) => was[id]?.join() !== is[id]?.join());
  if (moved.length === 0) return null;
  return `Moved ${names(moved)}${moved.length === 1 ? '' : ', the first'} to ${is[moved[0] ?? '']?.join(', ')}.`;
}
