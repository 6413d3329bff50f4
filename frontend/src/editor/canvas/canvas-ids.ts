import {
  type Edge,
  everyLevel,
  findStep,
  type FlowDocument,
  type Graph,
  type Group,
  portOf,
} from '@sluice/shared/flow';

/*
 * Ids on the canvas, derived from the document and stable: a step has its own, a note `note:<id>`, a group
 * `group:<id>`, a wire `from:port->to`.
 */

export function edgeId(edge: Edge): string {
  return `${edge.from}:${portOf(edge)}->${edge.to}`;
}

export function noteNodeId(noteId: string): string {
  return `note:${noteId}`;
}

export function noteIdOf(canvasId: string): string | null {
  return canvasId.startsWith('note:') ? canvasId.slice('note:'.length) : null;
}

export function groupNodeId(groupId: string): string {
  return `group:${groupId}`;
}

export function findGroup(document: FlowDocument, canvasId: string): Group | undefined {
  return document.groups.find(({ id }) => groupNodeId(id) === canvasId);
}

/** The steps of a selection; of a group all that it holds. */
export function stepsOf(document: FlowDocument, selection: readonly string[]): string[] {
  const ids = selection.flatMap((id) => findGroup(document, id)?.steps ?? [id]);
  return [...new Set(ids)].filter((id) => findStep(document, id) !== undefined);
}

/** The edge of any level that a wire was drawn from. */
export function findEdge(graph: Graph, canvasId: string): Edge | undefined {
  return everyLevel(graph)
    .flatMap(({ edges }) => edges)
    .find((edge) => edgeId(edge) === canvasId);
}

/** Whether the document still holds what the id names. */
export function isOnDocument(document: FlowDocument, canvasId: string): boolean {
  const noteId = noteIdOf(canvasId);
  if (noteId !== null) return document.notes.some(({ id }) => id === noteId);
  if (canvasId.startsWith('group:')) return findGroup(document, canvasId) !== undefined;
  if (canvasId.includes('->')) return findEdge(document, canvasId) !== undefined;
  return findStep(document, canvasId) !== undefined;
}
