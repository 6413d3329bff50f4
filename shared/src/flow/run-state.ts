import type { Scope } from './compile-step.js';
import type { Plan } from './plan.js';

/** What expressions see besides the outputs of steps. */
export interface RunScope {
  /** The event: body, headers, query. */
  trigger: unknown;
  flow: { id: string; name: string };
  run: { id: string };
  environment: { name: string };
}

/** Where a step stands in a run. `ready` lasts from the moment it may run until it is settled. */
export const phases = ['pending', 'ready', 'succeeded', 'failed', 'skipped'] as const;
export type Phase = (typeof phases)[number];

/**
 * Where a run stands. Changed in place by `settleStep`, and by nothing else: two thousand steps cost three small
 * arrays a run. Not stored: a run is rebuilt by settling its recorded steps again.
 */
export interface RunState {
  readonly scope: Scope & { readonly steps: Record<string, unknown> };
  /** Edges into each step that are not settled. */
  readonly unsettledEdges: Uint16Array;
  /** 1 where an edge into the step was taken. */
  readonly reached: Uint8Array;
  /** Index into `phases` for each step. */
  readonly phase: Uint8Array;
  /** Steps that are not settled. */
  unsettled: number;
}

/** A run's state with nothing settled. */
export function createState(plan: Plan, scope: RunScope): RunState {
  // No prototype, so that `steps.constructor` is nothing unless a step is called that.
  const steps: Record<string, unknown> = Object.create(null);
  return {
    scope: { trigger: scope.trigger, steps, flow: scope.flow, run: scope.run, environment: scope.environment },
    unsettledEdges: plan.incoming.slice(),
    reached: new Uint8Array(plan.steps.length),
    phase: new Uint8Array(plan.steps.length),
    unsettled: plan.steps.length,
  };
}

/** Where a step stands; `pending` for an id that the plan doesn't have. */
export function phaseOf(plan: Plan, state: RunState, stepId: string): Phase {
  return phases[state.phase[plan.indexOf.get(stepId) ?? -1] ?? 0] ?? 'pending';
}
