import { z } from 'zod';
import { edgeSchema, type FlowDocument, noteSchema, stepSchema } from '../document.js';
import { portsOf } from '../graph.js';
import { addStep } from './add-step.js';
import { connect } from './connect.js';
import { disconnect } from './disconnect.js';
import { graphWithEdge } from './graph-with-edge.js';

export const insertOnEdgeSchema = z.strictObject({
  kind: z.literal('insert-on-edge'),
  edge: edgeSchema,
  step: stepSchema,
  at: noteSchema.shape.at.optional(),
});

/** Puts a step between two: what followed the edge follows the step's first port, if it has one. */
export function insertOnEdge(document: FlowDocument, operation: z.output<typeof insertOnEdgeSchema>): FlowDocument {
  const { edge, step, at } = operation;
  const inside = graphWithEdge(document, edge);
  const opened = disconnect(document, { kind: 'disconnect', edge });
  const added = addStep(opened, { kind: 'add-step', step, at, inside });
  const joined = connect(added, { kind: 'connect', edge: { ...edge, to: step.id } });
  const [port] = portsOf({ ...step, disabled: false });
  if (port === undefined) return joined;
  const onward = { from: step.id, to: edge.to, ...(port !== 'next' && { port }) };
  return connect(joined, { kind: 'connect', edge: onward });
}
