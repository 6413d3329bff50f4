import { containersAround, type FlowDocument, levelOf, type Operation } from '@sluice/shared/flow';
import { findEdge, noteIdOf, stepsOf } from './canvas-ids.js';
import { snap } from './layout.js';

/** A wire as it was drawn: `null` handles are the usual port. */
export function connectOperation(drawn: {
  source: string;
  sourceHandle?: string | null | undefined;
  target: string;
}): Operation {
  const port = drawn.sourceHandle ?? 'next';
  return { kind: 'connect', edge: { from: drawn.source, to: drawn.target, ...(port !== 'next' && { port }) } };
}

/** Where things were put down: one operation for all steps, one for each note; none where nothing moved. */
export function moveOperations(
  document: FlowDocument,
  moved: readonly { id: string; position: { x: number; y: number } }[],
): Operation[] {
  const to: Record<string, [number, number]> = {};
  const operations: Operation[] = [];
  for (const { id, position } of moved) {
    const at: [number, number] = [snap(position.x), snap(position.y)];
    const noteId = noteIdOf(id);
    if (noteId === null) {
      const before = document.layout[id];
      if (before?.[0] !== at[0] || before[1] !== at[1]) to[id] = at;
      continue;
    }
    const note = document.notes.find((each) => each.id === noteId);
    if (note !== undefined && (note.at[0] !== at[0] || note.at[1] !== at[1])) {
      operations.push({ kind: 'update-note', note: { ...note, at } });
    }
  }
  return Object.keys(to).length === 0 ? operations : [{ kind: 'move-steps', to }, ...operations];
}

/** The steps of a selection, those of its groups among them, without those inside of another that is selected too. */
export function outermost(document: FlowDocument, selection: readonly string[]): string[] {
  const steps = stepsOf(document, selection);
  const selected = new Set(steps);
  return steps.filter((id) => !containersAround(document, id).some((around) => selected.has(around.id)));
}

/**
 * Takes away what is selected, a group with its steps. A step with one way in and one way out leaves the two joined; wires of removed steps go
 * with them.
 */
export function removeOperations(document: FlowDocument, selection: readonly string[]): Operation[] {
  const steps = outermost(document, selection);
  const gone = new Set(steps);
  const isGone = (id: string) => gone.has(id) || containersAround(document, id).some((around) => gone.has(around.id));
  const wires = selection
    .flatMap((id) => findEdge(document, id) ?? [])
    .filter((edge) => !isGone(edge.from) && !isGone(edge.to));
  const notes = selection.flatMap((id) => noteIdOf(id) ?? []);
  return [
    ...wires.map((edge): Operation => ({ kind: 'disconnect', edge })),
    ...steps.map((id): Operation => ({ kind: 'remove-step', id })),
    ...(steps.length === 1 ? steps.flatMap((id) => bridge(document, id)) : []),
    ...notes.map((id): Operation => ({ kind: 'remove-note', id })),
  ];
}

function bridge(document: FlowDocument, id: string): Operation[] {
  const { edges } = levelOf(document, id);
  const into = edges.filter((edge) => edge.to === id);
  const out = edges.filter((edge) => edge.from === id);
  const [before, after] = [into[0], out[0]];
  if (before === undefined || after === undefined || into.length > 1 || out.length > 1) return [];
  const isThere = edges.some((edge) => edge.from === before.from && edge.to === after.to && edge.port === before.port);
  return isThere ? [] : [{ kind: 'connect', edge: { ...before, to: after.to } }];
}
