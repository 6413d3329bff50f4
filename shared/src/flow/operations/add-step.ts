import { z } from 'zod';
import { type FlowDocument, noteSchema, stepIdSchema, stepSchema } from '../document.js';
import { assertIdsAreFree, editGraph, idsIn } from './edit-graph.js';

export const addStepSchema = z.strictObject({
  kind: z.literal('add-step'),
  step: stepSchema,
  at: noteSchema.shape.at.optional(),
  /** The container to put it in; the flow itself unless named. */
  inside: stepIdSchema.optional(),
});

export function addStep(document: FlowDocument, { step, at, inside }: z.output<typeof addStepSchema>): FlowDocument {
  assertIdsAreFree(document, idsIn(step));
  const added = editGraph(document, inside, (graph) => ({ steps: [...graph.steps, step] }));
  return at === undefined ? added : { ...added, layout: { ...added.layout, [step.id]: at } };
}
