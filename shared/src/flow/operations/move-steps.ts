import { z } from 'zod';
import { type FlowDocument, flowDocumentSchema } from '../document.js';
import { getStep } from './edit-graph.js';

/** New places by step id: one drag, or one layout of everything, is one operation. */
export const moveStepsSchema = z.strictObject({
  kind: z.literal('move-steps'),
  to: flowDocumentSchema.shape.layout.unwrap(),
});

export function moveSteps(document: FlowDocument, { to }: z.output<typeof moveStepsSchema>): FlowDocument {
  for (const id of Object.keys(to)) getStep(document, id);
  return { ...document, layout: { ...document.layout, ...to } };
}
