import { z } from 'zod';
import { type Edge, edgeSchema, type FlowDocument, type Step } from '../document.js';
import { type Graph, portOf, portsOf, stepsAfter } from '../graph.js';
import { editGraphOf, getStep, isSameEdge } from './edit-graph.js';
import { OperationRefused } from './operation-refused.js';

export const connectSchema = z.strictObject({ kind: z.literal('connect'), edge: edgeSchema });

export function connect(document: FlowDocument, { edge }: z.output<typeof connectSchema>): FlowDocument {
  const to = getStep(document, edge.to);
  assertHasPort(getStep(document, edge.from), portOf(edge));
  if (to.kind === 'trigger') {
    throw new OperationRefused('edge.into_trigger', 'Nothing can lead into a trigger: it is where a run begins.');
  }
  return editGraphOf(document, edge.from, (graph) => ({ edges: withEdge(graph, edge) }));
}

function assertHasPort(step: Step, port: string): void {
  const ports = portsOf({ ...step, disabled: false });
  if (ports.includes(port)) return;
  const has = ports.length === 0 ? 'ends the run, so nothing can follow it' : `has the ports ${ports.join(', ')}`;
  throw new OperationRefused('edge.unknown_port', `The step ${step.id} has no port ${port}; it ${has}.`);
}

/** The graph's edges with one more. Throws OperationRefused for one that is there, leaves the graph or closes a circle. */
export function withEdge(graph: Graph, edge: Edge): Edge[] {
  if (!graph.steps.some((step) => step.id === edge.to)) {
    throw new OperationRefused(
      'edge.unknown_step',
      `${edge.from} and ${edge.to} are not on the same level, so no edge can join them.`,
    );
  }
  if (graph.edges.some((other) => isSameEdge(other, edge))) {
    throw new OperationRefused('edge.duplicate', `${edge.from} and ${edge.to} are connected already.`);
  }
  if (edge.from === edge.to || stepsAfter(graph, edge.to).has(edge.from)) {
    throw new OperationRefused(
      'edge.would_make_circle',
      `This would make a circle: ${edge.to} already leads to ${edge.from}. Steps run once; use a loop to repeat some.`,
    );
  }
  return [...graph.edges, edge];
}
