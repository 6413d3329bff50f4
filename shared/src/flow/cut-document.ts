import { type Edge, type FlowDocument, isContainer, type Step } from './document.js';
import { type Graph, stepsBefore } from './graph.js';
import { containersAround } from './levels.js';

/**
 * The part of a flow that runs up to one step: the step and what leads to it, on its level and on each level around it.
 * A loop around it makes one kind of pass, which ends with the step: a repeat passes once. The document as it is for a
 * step that isn't there.
 *
 * @example cutAfter(document, 'receipt').steps // paid, contact, receipt: what comes after is left out
 */
export function cutAfter(document: FlowDocument, id: string): FlowDocument {
  const path = [...containersAround(document, id).map((loop) => loop.id), id];
  const level = cutLevel(document, path);
  return level === null ? document : { ...document, ...level };
}

function cutLevel(graph: Graph, [id, ...inner]: readonly string[]): { steps: Step[]; edges: Edge[] } | null {
  if (id === undefined || !graph.steps.some((step) => step.id === id)) return null;
  const kept = stepsBefore(graph, id).add(id);
  return {
    steps: graph.steps
      .filter((step) => kept.has(step.id))
      .map((step) => (step.id === id && inner.length > 0 ? cutLoop(step, inner) : step)),
    edges: graph.edges.filter((edge) => edge.from !== id && kept.has(edge.from) && kept.has(edge.to)),
  };
}

/** What a pass gives may read steps that are cut away, and so may the condition of its end. */
function cutLoop(step: Step, inner: readonly string[]): Step {
  const level = isContainer(step) ? cutLevel(step, inner) : null;
  if (!isContainer(step) || level === null) return step;
  const { collect: _collect, ...loop } = step;
  return loop.kind === 'repeat' ? { ...loop, ...level, until: { $: 'true' } } : { ...loop, ...level };
}
