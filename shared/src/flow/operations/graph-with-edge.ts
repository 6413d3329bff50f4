import { type Edge, type FlowDocument, isContainer } from '../document.js';
import { everyStep } from '../graph.js';
import { isSameEdge } from './edit-graph.js';
import { OperationRefused } from './operation-refused.js';

/** The id of the container that holds the edge; undefined for the flow itself. Throws OperationRefused for no such edge. */
export function graphWithEdge(document: FlowDocument, edge: Edge): string | undefined {
  if (document.edges.some((other) => isSameEdge(other, edge))) return undefined;
  for (const step of everyStep(document)) {
    if (isContainer(step) && step.edges.some((other) => isSameEdge(other, edge))) return step.id;
  }
  throw new OperationRefused(
    'edge.unknown',
    `${edge.from} and ${edge.to} are not connected; someone may have removed the edge.`,
  );
}
