import { type CompiledStep, compileStep } from './compile-step.js';
import type { FlowDocument, Step } from './document.js';
import { type Graph, outgoingEdges, portOf, topologicalOrder } from './graph.js';

/** A version made ready to run: everything that can be decided once is decided here. Immutable, shared by all its runs. */
export interface Plan {
  /** Each after all that it depends on; a step's place in here is its index. */
  readonly steps: readonly PlannedStep[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Index of the trigger. */
  readonly trigger: number;
  /** Edges into each step, by index. */
  readonly incoming: Uint16Array;
  /** Steps that no edge leads to, the trigger apart: they never run. */
  readonly orphans: readonly number[];
}

export interface PlannedStep {
  readonly id: string;
  readonly step: Step;
  readonly compiled: CompiledStep;
  readonly outgoing: readonly { readonly port: string; readonly to: number }[];
}

/** Compiles a document that `checkFlow` has passed; throws an Error for one that has a circle or no trigger. */
export function compilePlan(document: FlowDocument): Plan {
  const order = topologicalOrder(document);
  if (order.length !== document.steps.length)
    throw new Error('The flow has a circle or a step twice; it cannot be planned.');

  const indexOf = new Map(order.map((id, index) => [id, index]));
  const steps = plannedSteps(document, indexOf);
  const trigger = steps.findIndex(({ step }) => step.kind === 'trigger' && !step.disabled);
  if (trigger === -1) throw new Error('The flow has no trigger; it cannot be planned.');

  const incoming = new Uint16Array(steps.length);
  for (const { outgoing } of steps) for (const { to } of outgoing) incoming[to] = (incoming[to] ?? 0) + 1;
  const orphans = [...steps.keys()].filter((index) => incoming[index] === 0 && index !== trigger);
  return { steps, indexOf, trigger, incoming, orphans };
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
    };
  }
  return planned;
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
