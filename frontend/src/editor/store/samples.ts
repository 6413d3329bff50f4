import type { Catalogue } from '@sluice/shared/connector';
import {
  type CompiledStep,
  compileStep,
  type ContainerStep,
  evaluateCollect,
  evaluateInput,
  evaluateItems,
  evaluatePureStep,
  everyStep,
  type FlowDocument,
  type Graph,
  isContainer,
  isPure,
  type Scope,
  type Step,
  type StepOf,
  topologicalOrder,
} from '@sluice/shared/flow';
import { sampleAnswer } from './sample-answers.js';

/** What expressions see while a flow is drawn: a sample event, and what each step would make of it. */
export interface Samples {
  /** What steps of the flow itself see. */
  readonly scope: Scope;
  /** What the steps inside of a container see in its first pass, by its id. */
  readonly inside: ReadonlyMap<string, Scope>;
  /** Steps of every level whose output is known on the sample. */
  readonly steps: Readonly<Record<string, unknown>>;
  /** What the server would have to compute to know more. */
  readonly wanted: readonly Computation[];
}

const compiled = new WeakMap<Step, CompiledStep | null>();

/** Null for a step with an expression that can't be read. */
function compiledOf(step: Step): CompiledStep | null {
  const known = compiled.get(step);
  if (known !== undefined) return known;
  let made: CompiledStep | null = null;
  try {
    made = compileStep(step);
  } catch {
    // Said in place by the field that holds it.
  }
  compiled.set(step, made);
  return made;
}

/** What a connector computes, for one input. */
export interface Computation {
  /** The same for the same connector, computation and input. */
  key: string;
  connector: string;
  computation: string;
  input: Record<string, unknown>;
}

/** What is known beyond what connectors declare, by step. */
export interface Known {
  /** Replaces the trigger's own sample. */
  body?: unknown;
  /** Outputs that the person set: they stand for any step. */
  pins?: Readonly<Record<string, unknown>>;
  /** What steps gave in trials; what only computes is computed anew. */
  learned?: Readonly<Record<string, unknown>>;
  /** What connectors computed, by key; undefined where they refused. */
  computed?: ReadonlyMap<string, unknown>;
}

/**
 * Mapping steps are computed, what connectors compute is as the server told; what reaches out gives what is known of it,
 * else its declared sample.
 */
export function samplesOf(document: FlowDocument, catalogue: Catalogue, known: Known = {}): Samples {
  const { body, pins = {}, learned = {}, computed = new Map() } = known;
  const wanted: Computation[] = [];
  const outputs: Record<string, unknown> = Object.create(null);
  const inside = new Map<string, Scope>();
  const scope: Scope = {
    trigger: { body: body === undefined ? triggerSample(document, catalogue) : body, headers: {}, query: {} },
    steps: outputs,
    flow: { id: 'flw_sample', name: 'This flow' },
    run: { id: 'run_sample' },
    environment: { name: 'dev' },
    callbacks: addresses(document),
  };
  sampleLevel(document, scope);
  return { scope, inside, steps: outputs, wanted };

  function sampleLevel(graph: Graph, seen: Scope) {
    const steps = new Map(graph.steps.map((step) => [step.id, step]));
    for (const id of topologicalOrder(graph)) {
      const step = steps.get(id);
      if (step === undefined || step.disabled) continue;
      const made = isContainer(step) ? samplePass(step, seen) : outputOf(step, { document, catalogue, scope: seen });
      const output =
        pins[id] !== undefined
          ? pins[id]
          : (computedOf(step, seen) ?? (isMapped(step) ? undefined : learned[id]) ?? made);
      if (output !== undefined) outputs[id] = output;
    }
  }
  function computedOf(step: Step, seen: Scope): unknown {
    const asked = step.kind === 'compute' ? computationOf(step, seen) : null;
    if (asked === null) return undefined;
    if (!computed.has(asked.key)) wanted.push(asked);
    return computed.get(asked.key);
  }
  /** The first pass through a loop, and what the loop gives of it. */
  function samplePass(loop: ContainerStep, seen: Scope): unknown {
    const ready = compiledOf(loop);
    const items = loop.kind === 'forEach' ? itemsOf(ready, seen) : null;
    const pass: Scope = { ...seen, index: 0, ...(items === null ? { previous: null } : { item: items[0] }) };
    inside.set(loop.id, pass);
    sampleLevel(loop, pass);
    const one = ready === null ? null : collected(ready, pass, loop);
    if (items !== null) return { count: items.length, results: [one], failed: [] };
    return { count: 1, last: one, ...(loop.collect !== undefined && { results: [one] }) };
  }
}

/** Null where the input is not known on the sample. */
function computationOf(step: StepOf<'compute'>, scope: Scope): Computation | null {
  const ready = compiledOf(step);
  if (ready === null) return null;
  const { connector, computation } = step;
  try {
    const input = evaluateInput(ready, scope);
    return { key: JSON.stringify([connector, computation, input]), connector, computation, input };
  } catch {
    return null;
  }
}

/** Whether a step's output is computed here; what connectors compute, the server does. */
function isMapped(step: Step): boolean {
  return isPure(step) && step.kind !== 'compute';
}

function itemsOf(ready: CompiledStep | null, scope: Scope): readonly unknown[] {
  try {
    return ready === null ? [] : evaluateItems(ready, scope);
  } catch {
    return [];
  }
}

function collected(ready: CompiledStep, scope: Scope, loop: ContainerStep): unknown {
  const leading = new Set(loop.edges.map(({ from }) => from));
  const ends = loop.steps.map(({ id }) => id).filter((id) => !leading.has(id));
  try {
    return evaluateCollect(ready, scope, ends);
  } catch {
    return null;
  }
}

function outputOf(step: Step, around: { document: FlowDocument; catalogue: Catalogue; scope: Scope }): unknown {
  if (step.kind === 'action') {
    const connector = around.document.slots[step.slot]?.connector ?? '';
    return around.catalogue[connector]?.actions.find(({ id }) => id === step.action)?.sample.output;
  }
  if (step.kind === 'compute') {
    const { computations = [] } = around.catalogue[step.connector] ?? {};
    return computations.find(({ id }) => id === step.computation)?.sample.output;
  }
  const ready = isPure(step) ? compiledOf(step) : null;
  return ready === null ? sampleAnswer(step) : evaluatePureStep(ready, around.scope).output;
}

function addresses(document: FlowDocument): Record<string, string> {
  const steps = [...everyStep(document)].filter(({ kind }) => kind === 'callback');
  return Object.fromEntries(steps.map(({ id }) => [id, `https://sluice.example/callbacks/${id}…`]));
}

function triggerSample(document: FlowDocument, catalogue: Catalogue): unknown {
  const trigger = document.steps.find((step) => step.kind === 'trigger');
  if (trigger?.kind !== 'trigger') return {};
  const found = catalogue[trigger.connector]?.triggers.find(({ id }) => id === trigger.trigger);
  const { events } = trigger.config;
  const chosen = Array.isArray(events) ? events.map((name) => found?.samples?.[String(name)]) : [];
  return chosen.find((sample) => sample !== undefined) ?? found?.sample ?? {};
}
