import type { AnyAction, Effect } from '@sluice/shared/connector';
import { getStep, type PlannedStep, resolveInput, StepFailure, type StepOf } from '@sluice/shared/flow';
import type { BoundSlot } from './deployments.js';
import { idempotencyKey, jsonWithinLimit } from './run-keys.js';
import type { RunMemory } from './run-memory.js';
import { tooLarge } from './advance.js';

/** An action about to be tried: everything that is fixed before the intent is written. */
export interface PreparedCall {
  planned: PlannedStep;
  step: StepOf<'action'>;
  slot: BoundSlot;
  action: AnyAction;
  /** As it is kept and committed to. */
  inputJson: string;
  /** Parsed by the action's schema. */
  input: unknown;
  effect: Effect;
  idempotencyKey: string;
}

/** Throws StepFailure when the step can't be called as it stands. */
export function prepareCall(run: RunMemory, stepId: string): PreparedCall {
  const planned = getStep(run.deployment.plan, stepId);
  const { step } = planned;
  if (step.kind !== 'action') throw new Error(`Step ${stepId} is no action.`);
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
  const inputJson = run.inputs.get(stepId) ?? resolveJson(run, stepId);
  const parsed = action.input.safeParse(JSON.parse(inputJson));
  if (!parsed.success) {
    // Paths and rules only: the value itself stays out of the log.
    const [issue] = parsed.error.issues;
    throw new StepFailure(
      'step.input_invalid',
      `The input doesn't fit the action: ${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  run.inputs.set(stepId, inputJson);
  const effect = typeof action.effect === 'function' ? action.effect(parsed.data, slot.config) : action.effect;
  const key = idempotencyKey(run.keys, { run: run.id, step: stepId, iteration: 0 });
  return { planned, step, slot, action, inputJson, input: parsed.data, effect, idempotencyKey: key };
}

function resolveJson(run: RunMemory, stepId: string): string {
  const json = jsonWithinLimit(resolveInput(run.deployment.plan, run.state, stepId));
  if (json === null) {
    const { code, message } = tooLarge('input');
    throw new StepFailure(code, message);
  }
  return json;
}
