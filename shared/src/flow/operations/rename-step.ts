import { z } from 'zod';
import { type FlowDocument, stepIdSchema } from '../document.js';
import type { Graph } from '../graph.js';
import { renameReferences } from '../rename-references.js';
import { assertIdsAreFree, editGraphOf, type GraphChange, getStep } from './edit-graph.js';

export const renameStepSchema = z.strictObject({
  kind: z.literal('rename-step'),
  id: stepIdSchema,
  to: stepIdSchema,
});

/** Gives a step another id, in its edges, its place, its group and the expressions that read it too. */
export function renameStep(document: FlowDocument, { id, to }: z.output<typeof renameStepSchema>): FlowDocument {
  getStep(document, id);
  if (to === id) return document;
  assertIdsAreFree(document, [to]);
  const renamed = editGraphOf(document, id, (graph) => renameInGraph(graph, id, to));
  const renames = new Map([[id, to]]);
  return {
    ...renamed,
    steps: renamed.steps.map((step) => renameReferences(step, renames)),
    layout: Object.fromEntries(Object.entries(renamed.layout).map(([key, at]) => [key === id ? to : key, at])),
    groups: renamed.groups.map((group) =>
      group.steps.includes(id) ? { ...group, steps: group.steps.map((step) => (step === id ? to : step)) } : group,
    ),
  };
}

function renameInGraph(graph: Graph, id: string, to: string): GraphChange {
  const renamed = (end: string) => (end === id ? to : end);
  return {
    steps: graph.steps.map((step) => (step.id === id ? { ...step, id: to } : step)),
    edges: graph.edges.map((edge) => ({ ...edge, from: renamed(edge.from), to: renamed(edge.to) })),
  };
}
