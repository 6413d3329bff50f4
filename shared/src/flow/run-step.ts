import type { CompiledStep } from './compile-step.js';
import type { Step } from './document.js';
import {
  evaluateInput,
  evaluatePureStep,
  evaluateRespond,
  evaluateStop,
  evaluateWait,
  type Reply,
  type StopOutcome,
  type WaitTime,
} from './evaluate-step.js';
import type { Settlement } from './next-steps.js';
import { getStep, type Plan } from './plan.js';
import type { RunState } from './run-state.js';

/*
 * A step of a plan with what its run knows so far. All but `runPureStep` throw StepFailure when an expression fails or
 * gives something the step can't use.
 */

/** Whether the step only computes: it can run at once, and again, with nothing to record first. */
export function isPure(step: Step): boolean {
  return step.kind === 'transform' || step.kind === 'filter' || step.kind === 'branch';
}

/** Runs a transform, filter or branch; the settlement is failed when an expression fails. */
export function runPureStep(plan: Plan, state: RunState, stepId: string): Settlement {
  return evaluatePureStep(getStep(plan, stepId).compiled, state.scope);
}

/** What an action is called with. */
export function resolveInput(plan: Plan, state: RunState, stepId: string): Record<string, unknown> {
  return evaluateInput(getCompiled(plan, stepId, 'action'), state.scope);
}

/** How long a wait step lasts: seconds, or a UTC time. */
export function resolveWait(plan: Plan, state: RunState, stepId: string): WaitTime {
  return evaluateWait(getCompiled(plan, stepId, 'wait'), state.scope);
}

/** What a respond step answers. */
export function resolveRespond(plan: Plan, state: RunState, stepId: string): Reply {
  return evaluateRespond(getCompiled(plan, stepId, 'respond'), state.scope);
}

/** How a stop step ends the run. */
export function resolveStop(plan: Plan, state: RunState, stepId: string): StopOutcome {
  return evaluateStop(getCompiled(plan, stepId, 'stop'), state.scope);
}

/** How a step that failed for good settles by its `onError`, or that it fails the run. */
export function settlementOfFailure(step: Step, error: { code: string; message: string }): Settlement | 'fail-run' {
  const onError = step.kind === 'action' ? step.onError : 'fail';
  if (onError === 'fail') return 'fail-run';
  if (onError === 'continue') return { status: 'failed', port: 'next', error };
  return { status: 'failed', port: 'error', output: { error }, error };
}

function getCompiled<Kind extends CompiledStep['kind']>(
  plan: Plan,
  stepId: string,
  kind: Kind,
): Extract<CompiledStep, { kind: Kind }> {
  const { compiled } = getStep(plan, stepId);
  if (!isOfKind(compiled, kind)) throw new Error(`Step ${stepId} is not of the kind ${kind}.`);
  return compiled;
}

function isOfKind<Kind extends CompiledStep['kind']>(
  compiled: CompiledStep,
  kind: Kind,
): compiled is Extract<CompiledStep, { kind: Kind }> {
  return compiled.kind === kind;
}
