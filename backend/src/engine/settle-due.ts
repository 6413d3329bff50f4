import { isFinished, limits } from '@sluice/shared/flow';
import { endWait } from './advance.js';
import type { Draft } from './draft.js';
import { deadlineOf, type RunMemory } from './run-memory.js';
import { expire } from './settle-ask.js';

/** Has what a kill switch put off be tried again now. False when nothing was. */
export function letGo(run: RunMemory, draft: Draft): boolean {
  let isAny = false;
  for (const { progress } of run.tasks.values()) {
    if (progress.kind !== 'waiting' || progress.held !== true) continue;
    progress.until = Math.min(progress.until, draft.at);
    isAny = true;
  }
  return isAny;
}

/** Ends a run that keeps more values than one may, so that none fills the disk and the memory of all. */
export function endTooLarge(run: RunMemory): void {
  if (run.size <= limits.runSize || run.ending !== null || isFinished(run.root.plan, run.root.state)) return;
  const message = `The run keeps more than ${limits.runSize / 1e6} million characters of values. Pass on only the fields that later steps need, or begin a run for each part with a subflow that isn't waited for.`;
  run.ending = { status: 'failed', error: { code: 'run.too_large', message, step: null } };
  for (const abort of run.aborts) abort.abort();
}

/** Settles what has become due by the time of the draft: waits that are over, attempts to be made, the run's own limit. */
export function settleDue(run: RunMemory, draft: Draft): void {
  for (const task of run.tasks.values()) {
    const { progress } = task;
    if (progress.kind !== 'waiting' && progress.kind !== 'asked') continue;
    if (progress.until === null || progress.until > draft.at) continue;
    if (progress.kind === 'asked') expire(run, draft, task);
    else if (progress.then === 'retry') task.progress = { ...progress, kind: 'due' };
    else endWait(run, draft, task);
  }
  const deadline = deadlineOf(run);
  const isOver = run.ending !== null || isFinished(run.root.plan, run.root.state);
  if (deadline === null || deadline > draft.at || isOver) return;
  const message = `The run took longer than the ${run.deployment.document.settings.timeoutSeconds} seconds that the flow allows.`;
  run.ending = { status: 'failed', error: { code: 'run.timeout', message, step: null } };
  for (const abort of run.aborts) abort.abort();
}
