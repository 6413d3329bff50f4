import { type Edge, isContainer, type Step } from './document.js';

/** Steps joined by edges: a flow, or a container inside one. */
export interface Graph {
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
}

/** The port an edge leaves by; `next` unless it is named. */
export function portOf(edge: Edge): string {
  return edge.port ?? 'next';
}

/** The ports that edges may leave a step by, in the order they are drawn. */
export function portsOf(step: Step): readonly string[] {
  if (step.disabled) return ['next'];
  switch (step.kind) {
    case 'stop':
      return [];
    case 'branch':
      return [...step.cases.map((branchCase) => branchCase.port), 'else'];
    case 'approval':
      return ['approved', 'refused'];
    default:
      return 'onError' in step && step.onError === 'port' ? ['next', 'error'] : ['next'];
  }
}

/** Edges by the step they leave; a step without any has no entry. */
export function outgoingEdges(graph: Graph): ReadonlyMap<string, readonly Edge[]> {
  return Map.groupBy(graph.edges, (edge) => edge.from);
}

/** Edges by the step they enter; a step without any has no entry. */
export function incomingEdges(graph: Graph): ReadonlyMap<string, readonly Edge[]> {
  return Map.groupBy(graph.edges, (edge) => edge.to);
}

/** Step ids so that each comes after all it depends on; steps on or behind a circle are missing from it. Edges to nowhere don't count. */
export function topologicalOrder(graph: Graph): string[] {
  const waitingFor = new Map(graph.steps.map((step) => [step.id, 0]));
  const edges = graph.edges.filter((edge) => waitingFor.has(edge.from) && waitingFor.has(edge.to));
  const outgoing = outgoingEdges({ steps: graph.steps, edges });
  for (const edge of edges) waitingFor.set(edge.to, (waitingFor.get(edge.to) ?? 0) + 1);
  const order = graph.steps.filter((step) => waitingFor.get(step.id) === 0).map((step) => step.id);
  // The list grows while it is read: each step in it frees those that waited for it last.
  for (const id of order) {
    for (const edge of outgoing.get(id) ?? []) {
      const left = (waitingFor.get(edge.to) ?? 0) - 1;
      waitingFor.set(edge.to, left);
      if (left === 0) order.push(edge.to);
    }
  }
  return order;
}

/** The steps of one circle, each followed by the next and the last by the first; null when there is none. */
export function findCycle(graph: Graph): string[] | null {
  const sorted = new Set(topologicalOrder(graph));
  const incoming = incomingEdges(graph);
  // Every step left unsorted has an unsorted step before it, so walking back must meet itself.
  const trail: string[] = [];
  let at = graph.steps.find((step) => !sorted.has(step.id))?.id;
  while (at !== undefined && !trail.includes(at)) {
    trail.push(at);
    at = incoming.get(at)?.find((edge) => !sorted.has(edge.from))?.from;
  }
  return at === undefined ? null : trail.slice(trail.indexOf(at)).reverse();
}

/** The steps that an edge path leads to from one step, without the step itself (unless it lies on a circle). */
export function stepsAfter(graph: Graph, id: string): Set<string> {
  const outgoing = outgoingEdges(graph);
  return walk(id, (at) => outgoing.get(at)?.map((edge) => edge.to));
}

/** The steps that an edge path leads from to one step, without the step itself (unless it lies on a circle). */
export function stepsBefore(graph: Graph, id: string): Set<string> {
  return stepsBeforeEach(graph)(id);
}

/** `stepsBefore` for many steps of one graph. */
export function stepsBeforeEach(graph: Graph): (id: string) => Set<string> {
  const incoming = incomingEdges(graph);
  return (id) => walk(id, (at) => incoming.get(at)?.map((edge) => edge.from));
}

function walk(start: string, neighboursOf: (id: string) => readonly string[] | undefined): Set<string> {
  const found = new Set(neighboursOf(start));
  // A set that grows while it is read hands out what was added.
  for (const id of found) for (const neighbour of neighboursOf(id) ?? []) found.add(neighbour);
  return found;
}

/** Every step of a flow, those inside containers too, in document order; each container before its steps. */
export function* everyStep(graph: Graph): Generator<Step> {
  for (const step of graph.steps) {
    yield step;
    if (isContainer(step)) yield* everyStep(step);
  }
}
