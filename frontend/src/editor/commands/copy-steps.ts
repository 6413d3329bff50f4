import {
  apply,
  containersAround,
  everyLevel,
  everyStep,
  findStep,
  type FlowDocument,
  flowDocumentSchema,
  flowSchemaId,
  type Operation,
} from '@sluice/shared/flow';
import { outermost } from '../canvas/from-canvas.js';
import { keptInside } from '../canvas/frame.js';
import { placesOf } from '../canvas/layout.js';

const { slots, steps, edges, layout, groups } = flowDocumentSchema.shape;
const copiedSchema = flowDocumentSchema.pick({ slots: true, steps: true, edges: true, layout: true, groups: true });

/** Steps with the wires between them, their places, slots and groups, as the clipboard carries them between flows. */
export interface Copied {
  slots: (typeof slots)['_output'];
  steps: (typeof steps)['_output'];
  edges: (typeof edges)['_output'];
  layout: (typeof layout)['_output'];
  groups: (typeof groups)['_output'];
}

/** Null when no step is among the ids. A trigger stays: a flow has one. A loop takes along what is inside of it, and all steps of a group take it along. */
export function copySteps(document: FlowDocument, ids: readonly string[]): Copied | null {
  const copied = outermost(document, ids)
    .flatMap((id) => findStep(document, id) ?? [])
    .filter(({ kind }) => kind !== 'trigger');
  if (copied.length === 0) return null;
  const roots = new Set(copied.map(({ id }) => id));
  const all = [...everyStep({ steps: copied, edges: [] })];
  const used = new Set(all.flatMap((step) => (step.kind === 'action' ? [step.slot] : [])));
  const places = placesOf(document);
  return {
    slots: Object.fromEntries(Object.entries(document.slots).filter(([name]) => used.has(name))),
    steps: copied,
    edges: everyLevel(document)
      .flatMap((level) => level.edges)
      .filter((edge) => roots.has(edge.from) && roots.has(edge.to)),
    groups: document.groups
      .map((group) => ({ ...group, steps: group.steps.filter((id) => findStep(document, id)?.kind !== 'trigger') }))
      .filter((group) => group.steps.length > 0 && group.steps.every((id) => roots.has(id))),
    layout: Object.fromEntries(
      all.map(({ id }) => {
        const [x, y] = places[id] ?? [0, 0];
        return [id, [x, y]];
      }),
    ),
  };
}

/** What was copied, put down a little aside into the flow or a loop of it; and the ids it gets. */
export function pasteOperation(
  document: FlowDocument,
  copied: Copied,
  level: string | null = null,
): { operation: Operation; select: string[] } {
  // A flow has one trigger: that of a whole flow is taken where there is none yet.
  const isTaken = level !== null || document.steps.some(({ kind }) => kind === 'trigger');
  const steps = copied.steps.filter(({ kind }) => kind !== 'trigger' || !isTaken);
  const roots = new Set(steps.map(({ id }) => id));
  const moved = Object.entries(copied.layout).map(([id, [x, y]]): [string, [number, number]] => {
    // What is inside of a copied loop is placed from its corner.
    if (!roots.has(id)) return [id, [x, y]];
    return [id, level === null ? [x + 40, y + 40] : keptInside([x + 40, y + 40])];
  });
  const operation: Operation = {
    kind: 'paste-steps',
    ...copied,
    steps,
    layout: Object.fromEntries(moved),
    ...(level !== null && { inside: level }),
  };
  const before = new Set([...everyStep(document)].map(({ id }) => id));
  const after = apply(document, operation);
  const added = [...everyStep(after)].map(({ id }) => id).filter((id) => !before.has(id));
  return { operation, select: outermost(after, added) };
}

/** Copies beside what they were copied from, in the same loop. */
export function duplicateSteps(
  document: FlowDocument,
  ids: readonly string[],
): { operation: Operation[]; select: string[] } {
  const copied = copySteps(document, ids);
  const [first] = copied?.steps ?? [];
  if (copied === null || first === undefined) return { operation: [], select: [...ids] };
  const level = containersAround(document, first.id).at(-1)?.id ?? null;
  const { operation, select } = pasteOperation(document, copied, level);
  return { operation: [operation], select };
}

const mark = 'sluice.steps/1';

export function clipboardText(copied: Copied): string {
  return JSON.stringify({ kind: mark, ...copied });
}

/** What was copied in an editor, or an exported flow as text. Null for a text that is something else. */
export function readClipboard(text: string): Copied | null {
  if (!text.includes(mark) && !text.includes(flowSchemaId)) return null;
  try {
    const { kind: _kind, ...rest } = JSON.parse(text);
    return copiedSchema.strip().parse({ ...rest });
  } catch {
    return null;
  }
}
