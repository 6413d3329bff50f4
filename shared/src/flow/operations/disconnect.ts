import { z } from 'zod';
import { edgeSchema, type FlowDocument } from '../document.js';
import { editGraph, isSameEdge } from './edit-graph.js';
import { graphWithEdge } from './graph-with-edge.js';

export const disconnectSchema = z.strictObject({ kind: z.literal('disconnect'), edge: edgeSchema });

export function disconnect(document: FlowDocument, { edge }: z.output<typeof disconnectSchema>): FlowDocument {
  return editGraph(document, graphWithEdge(document, edge), (graph) => ({
    edges: graph.edges.filter((other) => !isSameEdge(other, edge)),
  }));
}
