import { apply, type FlowDocument, flowDocumentSchema, type Operation } from '@sluice/shared/flow';
import { placesOf } from '../canvas/layout.js';

const { slots, steps, edges, layout } = flowDocumentSchema.shape;
const copiedSchema = flowDocumentSchema.pick({ slots: true, steps: true, edges: true, layout: true });

/** Steps with the wires between them, their places and slots, as the clipboard carries them between flows. */
export interface Copied {
  slots: (typeof slots)['_output'];
  steps: (typeof steps)['_output'];
  edges: (typeof edges)['_output'];
  layout: (typeof layout)['_output'];
}

/** Null when no step is among the ids. A trigger stays: a flow has one. */
export function copySteps(document: FlowDocument, ids: readonly string[]): Copied | null {
  const copied = document.steps.filter((step) => ids.includes(step.id) && step.kind !== 'trigger');
  if (copied.length === 0) return null;
  const inside = new Set(copied.map(({ id }) => id));
  const used = new Set(copied.flatMap((step) => (step.kind === 'action' ? [step.slot] : [])));
  const places = placesOf(document);
  return {
    slots: Object.fromEntries(Object.entries(document.slots).filter(([name]) => used.has(name))),
    steps: copied,
    edges: document.edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to)),
    layout: Object.fromEntries(
      copied.map(({ id }) => {
        const [x, y] = places[id] ?? [0, 0];
        return [id, [x, y]];
      }),
    ),
  };
}

/** What was copied, put down a little aside; and the ids it gets. */
export function pasteOperation(document: FlowDocument, copied: Copied): { operation: Operation; select: string[] } {
  const moved = Object.entries(copied.layout).map(([id, [x, y]]): [string, [number, number]] => [id, [x + 40, y + 40]]);
  const operation: Operation = { kind: 'paste-steps', ...copied, layout: Object.fromEntries(moved) };
  const before = new Set(document.steps.map(({ id }) => id));
  const select = apply(document, operation)
    .steps.map(({ id }) => id)
    .filter((id) => !before.has(id));
  return { operation, select };
}

export function duplicateSteps(
  document: FlowDocument,
  ids: readonly string[],
): { operation: Operation[]; select: string[] } {
  const copied = copySteps(document, ids);
  if (copied === null) return { operation: [], select: [...ids] };
  const { operation, select } = pasteOperation(document, copied);
  return { operation: [operation], select };
}

const mark = 'sluice.steps/1';

export function clipboardText(copied: Copied): string {
  return JSON.stringify({ kind: mark, ...copied });
}

/** Null for a text that is something else. */
export function readClipboard(text: string): Copied | null {
  if (!text.includes(mark)) return null;
  try {
    const { kind: _kind, ...rest } = JSON.parse(text);
    return copiedSchema.parse({ ...rest });
  } catch {
    return null;
  }
}
