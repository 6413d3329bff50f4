import type { Plan, PlannedStep, RunState } from '@sluice/shared/flow';
import { passAt } from './step-key.js';
import type { Progress, RunMemory, StepError, Task } from './run-memory.js';

/*
 * A run is a tree of levels: the flow itself, and below each loop its passes under way. What names a step in a run is
 * its key: its id and the indexes of the passes that it is in.
 */

/** The flow itself, or one pass through a container. */
export interface Level {
  readonly plan: Plan;
  readonly state: RunState;
  /** Empty for the flow; `[3]` for the fourth pass, `[3.0]` for the first pass of a loop in it. */
  readonly at: string;
  /** Null for the flow. */
  readonly pass: { readonly task: Task; readonly index: number } | null;
  /** Tasks of it that are under way. */
  open: number;
  /** Why this pass ends early: nothing else is begun in it. */
  failure: StepError | null;
  /** Where in the plan the step stands whose failure ends it; -1 while none does, or something else did. */
  failedAt: number;
}

/** A step that may begin. */
export interface Work {
  readonly level: Level;
  readonly id: string;
}

export function flowLevel(plan: Plan, state: RunState): Level {
  return { plan, state, at: '', pass: null, open: 0, failure: null, failedAt: -1 };
}

export function passLevel(task: Task, index: number, { plan, state }: Pick<Level, 'plan' | 'state'>): Level {
  return { plan, state, at: atOf(task.level, index), pass: { task, index }, open: 0, failure: null, failedAt: -1 };
}

/** Where a pass stands in the tree. */
export function atOf({ at }: Level, index: number): string {
  return passAt(at, index);
}

export function keyOf({ at }: Level, stepId: string): string {
  return stepId + at;
}

export function addTask(
  run: RunMemory,
  { level, planned, progress }: { level: Level; planned: PlannedStep; progress: Progress },
): Task {
  const task = { key: keyOf(level, planned.id), level, planned, progress };
  run.tasks.set(task.key, task);
  level.open += 1;
  return task;
}

export function removeTask(run: RunMemory, task: Task): void {
  if (run.tasks.delete(task.key)) task.level.open -= 1;
}

/** The flow and every pass under way. */
export function* levelsOf(run: RunMemory): Generator<Level> {
  yield run.root;
  for (const { progress } of run.tasks.values()) if (progress.kind === 'loop') yield* progress.passes;
}

/**
 * Begins nothing more in a level and drops what only waits in it; calls under way and doubts are left to end. Of several
 * steps that fail the first in the plan says why, whichever ended first: a replay knows no other order.
 */
export function stopLevel(run: RunMemory, level: Level, { why, at = -1 }: { why: StepError; at?: number }): void {
  if (level.failure === null || at < level.failedAt) {
    level.failure = why;
    level.failedAt = at;
  }
  for (const task of run.tasks.values()) {
    if (task.level !== level) continue;
    const { progress } = task;
    if (progress.kind === 'loop') stopLoop(run, task, why);
    else if (progress.kind !== 'calling' && progress.kind !== 'in-doubt') removeTask(run, task);
  }
}

function stopLoop(run: RunMemory, task: Task, why: StepError): void {
  if (task.progress.kind !== 'loop') return;
  task.progress.failure ??= why;
  for (const pass of task.progress.passes) {
    stopLevel(run, pass, { why });
    if (pass.open === 0) task.progress.passes.delete(pass);
  }
  if (task.progress.passes.size === 0) removeTask(run, task);
}
