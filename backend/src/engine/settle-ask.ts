import { failTask, settleTask } from './advance.js';
import { tooLarge } from './too-large.js';
import type { StoredAnswer } from './store/run-store.js';
import { type Settled, settledByAnswer, settledByTime } from './asks.js';
import type { Draft } from './draft.js';
import { jsonWithinLimit } from './run-keys.js';
import type { RunMemory, Task } from './run-memory.js';

/** Takes answers that came, and goes on. Those of steps that don't ask (any more) are left. */
export function takeAnswers(run: RunMemory, draft: Draft, answers: readonly StoredAnswer[]): void {
  for (const { step, answer } of answers) {
    const task = run.tasks.get(step);
    if (task?.progress.kind === 'asked') settle(run, draft, { task, settled: settledByAnswer(run, task, answer) });
  }
}

/** Ends a step whose time for an answer is over. */
export function expire(run: RunMemory, draft: Draft, task: Task): void {
  settle(run, draft, { task, settled: settledByTime(task, draft.at) });
}

function settle(run: RunMemory, draft: Draft, { task, settled }: { task: Task; settled: Settled }): void {
  if ('error' in settled) return failTask(run, draft, { task, error: settled.error });
  const { settlement } = settled;
  const json = jsonWithinLimit(settlement.output);
  if (json === null) return failTask(run, draft, { task, error: tooLarge('output') });
  draft.done(task.level, task.planned, { port: settlement.port, json });
  settleTask(run, draft, { task, settlement });
}
