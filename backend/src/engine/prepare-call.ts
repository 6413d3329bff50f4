import type { AnyAction, Effect } from '@sluice/shared/connector';
import { evaluateInput, type PlannedStep, StepFailure, type StepOf } from '@sluice/shared/flow';
import type { BoundSlot } from './deployments.js';
import { idempotencyKey, jsonWithinLimit } from './run-keys.js';
import type { RunMemory, Task } from './run-memory.js';
import { tooLarge } from './too-large.js';
import { withoutFields } from './without-fields.js';

/** An action about to be tried: everything that is fixed before the intent is written. */
export interface PreparedCall {
  planned: PlannedStep;
  step: StepOf<'action'>;
  slot: BoundSlot;
  action: AnyAction;
  /** What the input carries, `class:field`. */
  fields: readonly string[];
  /** As it is kept and committed to. */
  inputJson: string;
  /** Parsed by the action's schema. */
  input: unknown;
  effect: Effect;
  idempotencyKey: string;
}

/** Throws StepFailure when the step can't be called as it stands. */
export function prepareCall(run: RunMemory, task: Task): PreparedCall {
  const { key, planned } = task;
  const { step } = planned;
  if (step.kind !== 'action') throw new Error(`Step ${key} is no action.`);
  const slot = run.deployment.slots.get(step.slot);
  if (slot === undefined) {
    throw new StepFailure(
      'slot.unbound',
      `The slot ${step.slot} has no connection in ${run.deployment.environment}. Deploy the flow again with one.`,
    );
  }
  const action = slot.connector.actions[step.action];
  if (action === undefined) {
    throw new StepFailure('action.unknown', `The connector ${slot.connectorId} has no action ${step.action} any more.`);
  }
  const sends = run.deployment.sends.get(step.id) ?? [];
  const withheld = sends.filter((field) => slot.withheld.includes(field));
  const inputJson = run.inputs.get(key) ?? resolveJson(task, withheld);
  const parsed = action.input.safeParse(JSON.parse(inputJson));
  if (!parsed.success) {
    // Paths and rules only: the value itself stays out of the log.
    const [issue] = parsed.error.issues;
    throw new StepFailure(
      'step.input_invalid',
      `The input doesn't fit the action: ${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  run.inputs.set(key, inputJson);
  const effect = typeof action.effect === 'function' ? action.effect(parsed.data, slot.config) : action.effect;
  const repeat = idempotencyKey(run.keys, { origin: run.origin, step: key });
  const fields = sends.filter((field) => !withheld.includes(field) || carries(inputJson, field));
  return { planned, step, slot, action, fields, inputJson, input: parsed.data, effect, idempotencyKey: repeat };
}

function resolveJson({ planned, level }: Task, withheld: readonly string[]): string {
  const input = evaluateInput(planned.compiled, level.state.scope);
  const json = jsonWithinLimit(withheld.length === 0 ? input : withoutFields(input, withheld.map(fieldOf)));
  if (json === null) {
    const { code, message } = tooLarge('input');
    throw new StepFailure(code, message);
  }
  return json;
}

/** An input that was fixed before its approver took the field out still has it, and the broker is told so. */
function carries(inputJson: string, sent: string): boolean {
  return JSON.stringify(withoutFields(JSON.parse(inputJson), [fieldOf(sent)])) !== inputJson;
}

function fieldOf(sent: string): string {
  return sent.slice(sent.indexOf(':') + 1);
}
