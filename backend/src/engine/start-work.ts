import { StepFailure } from '@sluice/shared/flow';
import { failTask } from './advance.js';
import type { Draft } from './draft.js';
import { draftErrand, type Errand, prepareErrand } from './errands.js';
import { prepareCall } from './prepare-call.js';
import type { RunMemory, Task } from './run-memory.js';
import { type Attempt, draftIntent } from './settle-call.js';

/** What a turn begins once it is committed. */
export interface Started {
  calls: Attempt[];
  /** May not be repeated: their intents wait for their own moment. */
  unsafe: Attempt[];
  errands: { task: Task; errand: Errand }[];
}

/** Writes the intents of all steps that are due. */
export function draftIntents(run: RunMemory, draft: Draft): Started {
  const started: Started = { calls: [], unsafe: [], errands: [] };
  // A step that can't be begun settles at once and may make others due.
  for (let task = dueTask(run); task !== undefined && run.ending === null; task = dueTask(run)) {
    try {
      draftOne(run, draft, { task, started });
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      failTask(run, draft, { task, error: { code: error.code, message: error.message } });
    }
  }
  return started;
}

function draftOne(run: RunMemory, draft: Draft, { task, started }: { task: Task; started: Started }): void {
  const { progress } = task;
  if (progress.kind !== 'due') return;
  if (task.planned.step.kind === 'action') {
    const attempt: Attempt = { ...progress, task, call: prepareCall(run, task) };
    task.progress = { ...progress, kind: 'calling' };
    if (attempt.call.effect.class === 'unsafe') started.unsafe.push(attempt);
    else started.calls.push(attempt);
    if (attempt.call.effect.class !== 'unsafe') draftIntent(run, draft, attempt);
  } else {
    const errand = prepareErrand(run, task);
    task.progress = { ...progress, kind: 'calling' };
    draftErrand(run, draft, { task, errand });
    started.errands.push({ task, errand });
  }
  run.active += 1;
}

function dueTask(run: RunMemory): Task | undefined {
  for (const task of run.tasks.values()) if (task.progress.kind === 'due') return task;
  return undefined;
}
