import { evaluateCollect, evaluateItems, evaluateUntil, isFinished, startPass, StepFailure } from '@sluice/shared/flow';
import { callbackUrl } from './callback-token.js';
import { atOf, type Level, passLevel, stopLevel } from './level.js';
import type { Loop, RunMemory, StepError, Task } from './run-memory.js';

/* Loops in memory: passes begin, end and give their results. Nothing is written here, so that a replay does the same. */

/** A loop with no pass begun. Throws StepFailure when its list can't be had. */
export function newLoop({ level, planned }: Pick<Task, 'level' | 'planned'>): Loop {
  const items = planned.step.kind === 'forEach' ? evaluateItems(planned.compiled, level.state.scope) : null;
  return { kind: 'loop', items, next: 0, passes: new Set(), results: [], failed: [], failure: null, isOver: false };
}

export function loopOf({ key, progress }: Task): Loop {
  if (progress.kind !== 'loop') throw new Error(`${key} is no loop.`);
  return progress;
}

/** Whether another pass may begin now. */
export function mayBegin({ planned: { step } }: Task, loop: Loop): boolean {
  if (loop.failure !== null) return false;
  if (step.kind === 'forEach') return loop.next < (loop.items?.length ?? 0) && loop.passes.size < step.concurrency;
  return !loop.isOver && loop.passes.size === 0;
}

/** Begins the next pass; what may run in it, and what was passed over. */
export function beginPass(run: RunMemory, task: Task): { pass: Level; ready: string[]; skipped: string[] } {
  const loop = loopOf(task);
  const index = loop.next;
  const { inside } = task.planned;
  if (inside === null) throw new Error(`${task.key} has no inside.`);
  const { state, ready, skipped } = startPass(inside, task.level.state, {
    ...(loop.items === null ? { previous: loop.results.at(-1) ?? null } : { item: loop.items[index] }),
    index,
    ...(inside.callbacks.length === 0 ? {} : { callbacks: addressesIn(run, task, index) }),
  });
  loop.next += 1;
  const pass = passLevel(task, index, { plan: inside, state });
  loop.passes.add(pass);
  return { pass, ready, skipped };
}

function addressesIn(run: RunMemory, { level, planned }: Task, index: number): Record<string, string> {
  const at = atOf(level, index);
  return Object.fromEntries((planned.inside?.callbacks ?? []).map((id) => [id, callbackUrl(run, `${id}${at}`)]));
}

/** Whether nothing more happens in a pass. */
export function isOver({ plan, state, failure, open }: Level): boolean {
  return isFinished(plan, state) || (failure !== null && open === 0);
}

/** Takes the result of a pass that is over; a failed one may fail its loop. */
export function endPass(run: RunMemory, pass: Level): void {
  if (pass.pass === null) return;
  const { task, index } = pass.pass;
  const loop = loopOf(task);
  if (!loop.passes.delete(pass)) return;
  const failure = pass.failure ?? takeResult(task, loop, pass);
  if (failure === null) return;
  loop.results[index] = null;
  loop.failed.push({ index, ...failure });
  const { step } = task.planned;
  if (step.kind === 'forEach' && step.onItemError === 'continue') return;
  loop.failure ??= { code: failure.code, message: `Pass ${index + 1} failed: ${failure.message}` };
  for (const other of loop.passes) {
    stopLevel(run, other, { why: stopped });
    if (other.open === 0) loop.passes.delete(other);
  }
}

const stopped: StepError = { code: 'loop.stopped', message: 'Another pass failed.' };

/** Why the pass failed at its very end, or null. */
function takeResult({ planned }: Task, loop: Loop, { plan, state, pass }: Level): StepError | null {
  const { compiled, step } = planned;
  try {
    loop.results[pass?.index ?? 0] = evaluateCollect(compiled, state.scope, plan.ends);
    if (step.kind !== 'repeat') return null;
    loop.isOver = evaluateUntil(compiled, state.scope);
    if (loop.isOver || loop.next < step.maxPasses) return null;
    const message = `The loop ran ${step.maxPasses} times, as often as it may, and its condition never held.`;
    return { code: 'repeat.too_many_passes', message };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** What a loop gives that is over and did not fail. */
export function resultOf({ planned: { step } }: Task, { results, failed, next }: Loop): Record<string, unknown> {
  if (step.kind !== 'repeat') {
    return { count: next, results, failed: failed.toSorted((one, other) => one.index - other.index) };
  }
  const last = { count: next, last: results.at(-1) ?? null };
  return step.collect === undefined ? last : { ...last, results };
}
