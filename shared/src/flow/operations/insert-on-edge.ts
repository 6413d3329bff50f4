import { z } from 'zod';
import { type Edge, edgeSchema, type FlowDocument, noteSchema, stepSchema } from '../document.js';
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

/** Puts a step between two: what followed the edge follows the step's first port, if it has one. Between two of a group it is in the group. */
export function insertOnEdge(document: FlowDocument, operation: z.output<typeof insertOnEdgeSchema>): FlowDocument {
  const { edge, step, at } = operation;
  const inside = graphWithEdge(document, edge);
  const opened = disconnect(document, { kind: 'disconnect', edge });
  const added = addStep(opened, { kind: 'add-step', step, at, inside });
  const joined = connect(joinGroup(added, edge, step.id), { kind: 'connect', edge: { ...edge, to: step.id } });
  const [port] = portsOf({ ...step, disabled: false });
  if (port === undefined) return joined;
  const onward = { from: step.id, to: edge.to, ...(port !== 'next' && { port }) };
  return connect(joined, { kind: 'connect', edge: onward });
}

function joinGroup(document: FlowDocument, { from, to }: Edge, id: string): FlowDocument {
  const around = document.groups.find(({ steps }) => steps.includes(from) && steps.includes(to));
  if (around === undefined) return document;
  const joined = { ...around, steps: [...around.steps, id] };
  return { ...document, groups: document.groups.map((group) => (group === around ? joined : group)) };
}
