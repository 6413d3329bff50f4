import { getIndex, type Plan } from './plan.js';
import {
  createPassState,
  createState,
  type PassScope,
  type Phase,
  phases,
  type RunScope,
  type RunState,
} from './run-state.js';

/*
 * What runs next (product.md, "Graph meaning"): a step is ready once each edge into it is settled, taken or dead. It
 * runs if at least one was taken, else it is dead and so are its edges. Pure but for the state it is given.
 */

/** How a step ended, and the port it leaves by; null takes none. */
export interface Settlement {
  status: 'succeeded' | 'failed' | 'skipped';
  port: string | null;
  /** What `steps.<id>` gives from now on. */
  output?: unknown;
  error?: { code: string; message: string };
}

/** Both in plan order, the same whichever of several parallel steps was settled first. */
export interface Next {
  /** Steps that may run now. */
  ready: string[];
  /** Steps that were settled on the way: dead, or disabled and passed through. */
  skipped: string[];
}

const phase = {
  ready: phases.indexOf('ready'),
  succeeded: phases.indexOf('succeeded'),
  failed: phases.indexOf('failed'),
  skipped: phases.indexOf('skipped'),
} satisfies Partial<Record<Phase, number>>;

/** Begins a run: its trigger is settled, with the event as its output. */
export function startRun(plan: Plan, scope: RunScope): Next & { state: RunState } {
  const state = createState(plan, scope);
  const run: Moving = { plan, state, ready: [], dead: [...plan.orphans] };
  const trigger = plan.steps[plan.trigger];
  if (trigger !== undefined) state.scope.steps[trigger.id] = scope.trigger;
  close(run, plan.trigger, { phase: phase.succeeded, port: 'next' });
  return { state, ...moveOn(run) };
}

/** Begins a pass through a container: every step that no edge leads to may run. `outer` is where its container stands. */
export function startPass(plan: Plan, outer: RunState, pass: PassScope): Next & { state: RunState } {
  const state = createPassState(plan, outer, pass);
  const run: Moving = { plan, state, ready: [], dead: [] };
  for (const index of plan.orphans) {
    state.reached[index] = 1;
    open(run, index);
  }
  return { state, ...moveOn(run) };
}

/** Settles one ready step and says what may run because of it. Throws for a step that isn't ready: each settles once. */
// oxlint-disable-next-line sluice/parameters -- called for every step of every run, with plan and state in front as all here
export function settleStep(plan: Plan, state: RunState, stepId: string, settlement: Settlement): Next {
  const index = getIndex(plan, stepId);
  if (state.phase[index] !== phase.ready) throw new Error(`Step ${stepId} is not ready, so it cannot be settled.`);
  if (settlement.output !== undefined) state.scope.steps[stepId] = settlement.output;
  const run: Moving = { plan, state, ready: [], dead: [] };
  close(run, index, { phase: phase[settlement.status], port: settlement.port });
  return moveOn(run);
}

/** Whether every step is settled. */
export function isFinished(_plan: Plan, state: RunState): boolean {
  return state.unsettled === 0;
}

/** The steps that may run and aren't settled: what to go on with after a run was rebuilt. */
export function readySteps(plan: Plan, state: RunState): string[] {
  return plan.steps.filter((_, index) => state.phase[index] === phase.ready).map((step) => step.id);
}

/** One move of a run: indexes of the steps that it made ready, and of those that it leaves dead or passed through. */
interface Moving {
  plan: Plan;
  state: RunState;
  ready: number[];
  dead: number[];
}

/** Closes what died with a step, and what dies with that: a list and no recursion, for a chain may be 2,000 long. */
function moveOn(run: Moving): Next {
  for (const index of run.dead) {
    // A dead step takes no port; a disabled one that was reached lets the run pass through.
    close(run, index, { phase: phase.skipped, port: run.state.reached[index] === 1 ? 'next' : null });
  }
  return { ready: namesOf(run.plan, run.ready), skipped: namesOf(run.plan, run.dead) };
}

/** Settles a step and its edges; a step whose last edge that was becomes ready or dead. */
function close({ plan, state, ready, dead }: Moving, index: number, how: { phase: number; port: string | null }): void {
  state.phase[index] = how.phase;
  state.unsettled -= 1;
  for (const { port, to } of plan.steps[index]?.outgoing ?? []) {
    if (port === how.port) state.reached[to] = 1;
    const left = (state.unsettledEdges[to] ?? 0) - 1;
    state.unsettledEdges[to] = left;
    if (left === 0) open({ plan, state, ready, dead }, to);
  }
}

/** A step with every edge into it settled: it may run, or is dead, or lets the run pass through. */
function open({ plan, state, ready, dead }: Moving, index: number): void {
  if (state.reached[index] === 0 || plan.steps[index]?.step.disabled) {
    dead.push(index);
  } else {
    state.phase[index] = phase.ready;
    ready.push(index);
  }
}

function namesOf(plan: Plan, indexes: number[]): string[] {
  if (indexes.length > 1) indexes.sort((one, other) => one - other);
  return indexes.map((index) => plan.steps[index]?.id ?? '');
}
