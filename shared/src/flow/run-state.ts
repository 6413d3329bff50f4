import type { Scope } from './compile-step.js';
import type { Plan } from './plan.js';

/** What expressions see besides the outputs of steps. */
export interface RunScope {
  /** The event: body, headers, query. */
  trigger: unknown;
  flow: { id: string; name: string };
  run: { id: string };
  environment: { name: string };
  /** Addresses of callback steps by id. */
  callbacks?: Readonly<Record<string, string>>;
}

/** What a pass through a container sees on top of what its container sees. */
export interface PassScope {
  /** Of a forEach. */
  item?: unknown;
  /** From 0. */
  index: number;
  /** Of a repeat: what the pass before gave; null in the first. */
  previous?: unknown;
  callbacks?: Readonly<Record<string, string>>;
}

/** Where a step stands in a run. `ready` lasts from the moment it may run until it is settled. */
export const phases = ['pending', 'ready', 'succeeded', 'failed', 'skipped'] as const;
export type Phase = (typeof phases)[number];

/**
 * Where a run, or a pass through a container, stands. Changed in place by `settleStep`, and by nothing else: two
 * thousand steps cost three small arrays a run. Not stored: a run is rebuilt by settling its recorded steps again.
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
  const { trigger, flow, run, environment, callbacks = {} } = scope;
  return stateOf(plan, { trigger, steps: noSteps(), flow, run, environment, callbacks });
}

/** The state of a pass with nothing settled. */
export function createPassState(plan: Plan, outer: RunState, pass: PassScope): RunState {
  const steps = noSteps();
  for (const id of plan.outerReads) {
    const output = outer.scope.steps[id];
    if (output !== undefined) steps[id] = output;
  }
  const callbacks =
    pass.callbacks === undefined ? outer.scope.callbacks : { ...outer.scope.callbacks, ...pass.callbacks };
  return stateOf(plan, { ...outer.scope, ...pass, steps, callbacks });
}

function stateOf(plan: Plan, scope: RunState['scope']): RunState {
  return {
    scope,
    unsettledEdges: plan.incoming.slice(),
    reached: new Uint8Array(plan.steps.length),
    phase: new Uint8Array(plan.steps.length),
    unsettled: plan.steps.length,
  };
}

/** No prototype, so that `steps.constructor` is nothing unless a step is called that. */
function noSteps(): Record<string, unknown> {
  return Object.create(null);
}

/** Where a step stands; `pending` for an id that the plan doesn't have. */
export function phaseOf(plan: Plan, state: RunState, stepId: string): Phase {
  return phases[state.phase[plan.indexOf.get(stepId) ?? -1] ?? 0] ?? 'pending';
}
