import { type ContainerStep, type Edge, type FlowDocument, isContainer, type Step } from '../document.js';
import { everyStep, type Graph, portOf } from '../graph.js';
import { didYouMean } from '../nearest-name.js';
import { OperationRefused } from './operation-refused.js';

/** A graph to put in a graph's place; arrays that stay the same are shared. */
export interface GraphChange {
  steps?: Step[];
  edges?: Edge[];
}

/** The step with this id, inside containers too. Throws OperationRefused when there is none. */
export function getStep(document: FlowDocument, id: string): Step {
  const steps = [...everyStep(document)];
  const found = steps.find((step) => step.id === id);
  if (found === undefined) {
    const hint = didYouMean(
      id,
      steps.map((step) => step.id),
    );
    throw new OperationRefused(
      'step.unknown',
      `The flow has no step ${id}; it may have been removed or renamed.${hint}`,
    );
  }
  return found;
}

/** The ids of a step and of those inside of it. */
export function idsIn(step: Step): string[] {
  return [...everyStep({ steps: [step], edges: [] })].map(({ id }) => id);
}

/** Throws OperationRefused when one of the ids is taken, or given twice. */
export function assertIdsAreFree(document: FlowDocument, ids: Iterable<string>): void {
  const taken = new Set([...everyStep(document)].map((step) => step.id));
  for (const id of ids) {
    if (taken.has(id)) {
      throw new OperationRefused('flow.duplicate_step_id', `The flow has a step ${id} already. Choose another id.`);
    }
    taken.add(id);
  }
}

/** Changes the flow itself, or the container with the given id. */
export function editGraph(
  document: FlowDocument,
  container: string | undefined,
  change: (graph: Graph) => GraphChange,
): FlowDocument {
  if (container === undefined) return { ...document, ...change(document) };
  if (!isContainer(getStep(document, container))) {
    throw new OperationRefused('step.no_container', `The step ${container} can't hold other steps.`);
  }
  return {
    ...document,
    steps: editInside(document.steps, (step) => (step.id === container ? { ...step, ...change(step) } : null)),
  };
}

/** Changes the graph that holds the step: the flow, or a container. */
export function editGraphOf(
  document: FlowDocument,
  stepId: string,
  change: (graph: Graph) => GraphChange,
): FlowDocument {
  return editGraph(document, containerOf(document, stepId), change);
}

/** The id of the container that holds the step; undefined for a step of the flow itself. Refuses an unknown step. */
export function containerOf(document: FlowDocument, stepId: string): string | undefined {
  getStep(document, stepId);
  if (document.steps.some((step) => step.id === stepId)) return undefined;
  for (const step of everyStep(document)) {
    if (isContainer(step) && step.steps.some((inner) => inner.id === stepId)) return step.id;
  }
  return undefined;
}

function editInside(steps: readonly Step[], change: (container: ContainerStep) => Step | null): Step[] {
  return steps.map((step) => {
    if (!isContainer(step)) return step;
    return change(step) ?? { ...step, steps: editInside(step.steps, change) };
  });
}

/** Whether two edges are the same connection: `port: 'next'` and no port are. */
export function isSameEdge(one: Edge, other: Edge): boolean {
  return one.from === other.from && one.to === other.to && portOf(one) === portOf(other);
}

/** A record without some of its members. */
export function without<Value>(record: Readonly<Record<string, Value>>, keys: Iterable<string>): Record<string, Value> {
  const left = new Set(keys);
  return Object.fromEntries(Object.entries(record).filter(([key]) => !left.has(key)));
}
