import { type CompiledStep, compileStep } from './compile-step.js';
import { type ContainerStep, type FlowDocument, isContainer, type Step } from './document.js';
import { everyStep, type Graph, outgoingEdges, portOf, topologicalOrder } from './graph.js';
import { readMapping } from './read-mapping.js';
import { innerMappingsOf, mappingsOf } from './step-mappings.js';

/** A graph made ready to run: everything that can be decided once is decided here. Immutable, shared by all its runs. */
export interface Plan {
  /** Each after all that it depends on; a step's place in here is its index. */
  readonly steps: readonly PlannedStep[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Ids of all its steps, those inside of containers too. */
  readonly ids: ReadonlySet<string>;
  /** Index of the trigger; -1 inside a container. */
  readonly trigger: number;
  /** Edges into each step, by index. */
  readonly incoming: Uint16Array;
  /** Steps that no edge leads to, the trigger apart: in a flow they never run, in a container they begin each pass. */
  readonly orphans: readonly number[];
  /** Ids of steps that nothing follows: what a pass through a container gives. */
  readonly ends: readonly string[];
  /** Ids of the steps outside of it that are read inside. */
  readonly outerReads: readonly string[];
  /** Ids of its callback steps, whose addresses expressions may read before they are reached. */
  readonly callbacks: readonly string[];
}

export interface PlannedStep {
  readonly id: string;
  readonly step: Step;
  readonly compiled: CompiledStep;
  readonly outgoing: readonly { readonly port: string; readonly to: number }[];
  /** Of a container. */
  readonly inside: Plan | null;
}

/** Compiles a document that `checkFlow` has passed; throws an Error for one that has a circle or no trigger. */
export function compilePlan(document: FlowDocument): Plan {
  const plan = compileGraph(document, []);
  if (plan.trigger === -1) throw new Error('The flow has no trigger; it cannot be planned.');
  return plan;
}

function compileGraph(graph: Graph, outerReads: readonly string[]): Plan {
  const order = topologicalOrder(graph);
  if (order.length !== graph.steps.length)
    throw new Error('The flow has a circle or a step twice; it cannot be planned.');

  const indexOf = new Map(order.map((id, index) => [id, index]));
  const steps = plannedSteps(graph, indexOf);
  const trigger = steps.findIndex(({ step }) => step.kind === 'trigger' && !step.disabled);

  const incoming = new Uint16Array(steps.length);
  for (const { outgoing } of steps) for (const { to } of outgoing) incoming[to] = (incoming[to] ?? 0) + 1;
  const orphans = [...steps.keys()].filter((index) => incoming[index] === 0 && index !== trigger);
  const ends = steps.filter(({ outgoing }) => outgoing.length === 0).map(({ id }) => id);
  const callbacks = steps.filter(({ step }) => step.kind === 'callback').map(({ id }) => id);
  const ids = new Set([...everyStep(graph)].map(({ id }) => id));
  return { steps, indexOf, ids, trigger, incoming, orphans, ends, outerReads, callbacks };
}

function plannedSteps(graph: Graph, indexOf: ReadonlyMap<string, number>): PlannedStep[] {
  const outgoing = outgoingEdges(graph);
  const planned: PlannedStep[] = [];
  for (const step of graph.steps) {
    const index = indexOf.get(step.id);
    if (index === undefined) continue;
    planned[index] = {
      id: step.id,
      step,
      compiled: compileStep(step),
      outgoing: (outgoing.get(step.id) ?? []).flatMap((edge) => {
        const to = indexOf.get(edge.to);
        return to === undefined ? [] : [{ port: portOf(edge), to }];
      }),
      inside: isContainer(step) ? compileGraph(step, outerReadsOf(step)) : null,
    };
  }
  return planned;
}

/** A pass gets a copy of just these: a flow may have two thousand steps, and a loop ten thousand passes. */
function outerReadsOf(container: ContainerStep): string[] {
  const inside = [...everyStep(container)];
  const own = new Set(inside.map(({ id }) => id));
  const mappings = [container, ...inside].flatMap((step) => [
    ...(step === container ? [] : mappingsOf(step)),
    ...innerMappingsOf(step),
  ]);
  const reads = mappings.flatMap(({ value }) => readMapping(value) ?? []);
  return [
    ...new Set(reads.flatMap(([root, id]) => (root === 'steps' && id !== undefined && !own.has(id) ? [id] : []))),
  ];
}

/** Where a flow begins. Throws for a plan of a container. */
export function getTrigger(plan: Plan): PlannedStep {
  const step = plan.steps[plan.trigger];
  if (step === undefined) throw new Error('The plan has no trigger.');
  return step;
}

/** A plan's step by id. Throws for an id that the plan doesn't have. */
export function getStep(plan: Plan, stepId: string): PlannedStep {
  const step = plan.steps[getIndex(plan, stepId)];
  if (step === undefined) throw new Error(`The plan has no step ${stepId}.`);
  return step;
}

/** A step's index by id. Throws for an id that the plan doesn't have. */
export function getIndex(plan: Plan, stepId: string): number {
  const index = plan.indexOf.get(stepId);
  if (index === undefined) throw new Error(`The plan has no step ${stepId}.`);
  return index;
}
