import type { Catalogue } from '@sluice/shared/connector';
import {
  type CompiledStep,
  compileStep,
  evaluatePureStep,
  type FlowDocument,
  isPure,
  type Scope,
  type Step,
  topologicalOrder,
} from '@sluice/shared/flow';

/** What expressions see while a flow is drawn: a sample event, and what each step would make of it. */
export interface Samples {
  readonly scope: Scope;
  /** Steps whose output is known on the sample. */
  readonly steps: Readonly<Record<string, unknown>>;
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

/** `body` replaces the trigger's own sample. Mapping steps are computed, actions answer with their declared sample. */
export function samplesOf(document: FlowDocument, catalogue: Catalogue, body: unknown): Samples {
  const outputs: Record<string, unknown> = Object.create(null);
  const scope: Scope = {
    trigger: { body: body ?? triggerSample(document, catalogue), headers: {}, query: {} },
    steps: outputs,
    flow: { id: 'flw_sample', name: 'This flow' },
    run: { id: 'run_sample' },
    environment: { name: 'dev' },
  };
  const steps = new Map(document.steps.map((step) => [step.id, step]));
  for (const id of topologicalOrder(document)) {
    const step = steps.get(id);
    if (step === undefined || step.disabled) continue;
    const output = outputOf(step, { document, catalogue, scope });
    if (output !== undefined) outputs[id] = output;
  }
  return { scope, steps: outputs };
}

function outputOf(step: Step, around: { document: FlowDocument; catalogue: Catalogue; scope: Scope }): unknown {
  if (step.kind === 'action') {
    const connector = around.document.slots[step.slot]?.connector ?? '';
    return around.catalogue[connector]?.actions.find(({ id }) => id === step.action)?.sample.output;
  }
  const ready = isPure(step) ? compiledOf(step) : null;
  return ready === null ? undefined : evaluatePureStep(ready, around.scope).output;
}

function triggerSample(document: FlowDocument, catalogue: Catalogue): unknown {
  const trigger = document.steps.find((step) => step.kind === 'trigger');
  if (trigger?.kind !== 'trigger') return {};
  return catalogue[trigger.connector]?.triggers.find(({ id }) => id === trigger.trigger)?.sample ?? {};
}
