import { type ContainerStep, isContainer, type Step } from './document.js';
import { everyStep, type Graph } from './graph.js';

/* A flow has levels: itself, and inside each container one more. Edges join steps of one level. */

/** The step with this id, inside containers too. */
export function findStep(graph: Graph, id: string): Step | undefined {
  for (const step of everyStep(graph)) if (step.id === id) return step;
  return undefined;
}

/** The containers around a step, outermost first; none for a step of the flow itself, and for one that isn't there. */
export function containersAround(graph: Graph, id: string): ContainerStep[] {
  for (const step of graph.steps) {
    if (!isContainer(step)) continue;
    if (step.steps.some((inner) => inner.id === id)) return [step];
    const deeper = containersAround(step, id);
    if (deeper.length > 0) return [step, ...deeper];
  }
  return [];
}

/** The level that a step stands on: the innermost container around it, or the flow. */
export function levelOf<Flow extends Graph>(flow: Flow, id: string): Flow | ContainerStep {
  return containersAround(flow, id).at(-1) ?? flow;
}

/** Every level of a flow: itself first, and each container before those in it. */
export function everyLevel(flow: Graph): Graph[] {
  return [flow, ...[...everyStep(flow)].filter(isContainer)];
}
