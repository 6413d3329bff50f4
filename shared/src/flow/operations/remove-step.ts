import { z } from 'zod';
import { type FlowDocument, stepIdSchema } from '../document.js';
import { editGraphOf, getStep, idsIn, without } from './edit-graph.js';
import { withoutSteps } from './groups.js';

export const removeStepSchema = z.strictObject({ kind: z.literal('remove-step'), id: stepIdSchema });

/** Removes a step, what is inside of it, its edges, and its place in a group. Expressions that read it stay, for a person to mend. */
export function removeStep(document: FlowDocument, { id }: z.output<typeof removeStepSchema>): FlowDocument {
  const gone = idsIn(getStep(document, id));
  const left = editGraphOf(document, id, (graph) => ({
    steps: graph.steps.filter((step) => step.id !== id),
    edges: graph.edges.filter((edge) => edge.from !== id && edge.to !== id),
  }));
  return { ...left, layout: without(left.layout, gone), groups: withoutSteps(left.groups, gone) };
}
