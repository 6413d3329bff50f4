import { type PlannedStep, readySteps, type Settlement, settleStep, evaluateStop } from '@sluice/shared/flow';
import { failStep } from './advance.js';
import type { Draft } from './draft.js';
import { crashed, type History, type StepEntry } from './history.js';
import { addTask, atOf, keyOf, type Level, levelsOf, stopLevel, type Work } from './level.js';
import { beginPass, endPass, isOver, loopOf, newLoop } from './loop.js';
import { progressOf } from './progress-of.js';
import type { Progress, RunMemory, Task } from './run-memory.js';

/**
 * Brings a run just started to where its history left it, and answers what to go on with. Settles each step by what is
 * recorded for it, in whatever order the entries were written, so it doesn't matter which lane or machine wrote them.
 */
export function replay(
  run: RunMemory,
  draft: Draft,
  { history, skipped }: { history: History; skipped: readonly string[] },
): { work: Work[]; loops: Task[] } {
  for (const [key, value] of history.inputs) run.inputs.set(key, JSON.stringify(value));
  run.turnRows = history.turnRows;
  for (const id of history.standIns) run.standIns.set(id, history.outputs.get(id));
  replayLevel({ run, draft, history }, run.root, skipped);
  const levels = [...levelsOf(run)];
  const work = levels.flatMap((level) =>
    level.failure === null ? unbegun(run, level).map((id) => ({ level, id })) : [],
  );
  // Deepest first: a loop that is over may end the pass around it.
  const loops = [...run.tasks.values()].filter(({ progress }) => progress.kind === 'loop').reverse();
  return { work, loops };
}

/** Steps that are ready and no task yet: they were never begun. */
function unbegun(run: RunMemory, level: Level): string[] {
  return readySteps(level.plan, level.state).filter((id) => !run.tasks.has(keyOf(level, id)));
}

interface Replaying {
  run: RunMemory;
  draft: Draft;
  history: History;
}

function replayLevel(on: Replaying, level: Level, first: readonly string[]): void {
  const { run, draft, history } = on;
  const { plan, state } = level;
  const skipped = [...first];
  const seen = new Set<string>();
  // Settled steps make others ready; what is left is what the run stands at.
  for (
    let ready = readySteps(plan, state);
    ready.length > 0;
    ready = readySteps(plan, state).filter((id) => !seen.has(id))
  ) {
    for (const id of ready) {
      seen.add(id);
      const planned = plan.steps[plan.indexOf.get(id) ?? -1];
      const settlement = planned === undefined ? null : settlementOf(on, level, planned);
      if (settlement !== null) skipped.push(...settleStep(plan, state, id, settlement).skipped);
    }
  }
  draft.skipped(
    level,
    skipped.filter((id) => !history.skipped.has(keyOf(level, id))),
  );
  // What was noted after the step that failed the pass still waits: it shall not.
  if (level.failure !== null) stopLevel(run, level, { why: level.failure, at: level.failedAt });
}

/** How a step was settled; null when it wasn't, and then it is a task, or was never begun. */
function settlementOf(on: Replaying, level: Level, planned: PlannedStep): Settlement | null {
  const { run, history } = on;
  const key = keyOf(level, planned.id);
  const entries = history.entries.get(key) ?? [];
  const succeeded = entries.find(hasSucceeded);
  if (succeeded !== undefined) return succeededAs(on, level, { planned, port: succeeded.detail.port ?? null });
  if (entries.some(({ action, detail }) => action === 'step.resolved' && detail.happened === true))
    return { status: 'succeeded', port: 'next', output: {} };
  const failed = entries.some(
    ({ action, detail }) => action === 'step.failed' || (action === 'step.outcome' && detail.port !== undefined),
  );
  if (failed) return failStep(run, { level, planned }, history.errorOf(key));
  const progress = standing(on, level, { planned, entries });
  if (progress === null) return null;
  if (progress === crashed) return crash(on, level, planned);
  const task = addTask(run, { level, planned, progress });
  if (progress.kind === 'loop') replayPasses(on, task);
  return null;
}

function hasSucceeded({ action, detail }: StepEntry): boolean {
  const isOutcome = action === 'step.outcome' && detail.status === 'succeeded';
  return action === 'step.succeeded' || action === 'step.reused' || isOutcome;
}

function succeededAs(
  { run, history }: Replaying,
  level: Level,
  { planned, port }: { planned: PlannedStep; port: string | null },
): Settlement | null {
  if (planned.step.kind === 'stop') {
    const { outcome, message = '' } = evaluateStop(planned.compiled, level.state.scope);
    const error = outcome === 'failed' ? { code: 'flow.stopped', message, step: planned.id } : null;
    // Nothing is begun once a step has failed, so it came first.
    run.ending = { status: outcome, error };
    level.failedAt = -1;
    return null;
  }
  const output = history.outputs.get(keyOf(level, planned.id));
  return { status: 'succeeded', port, ...(output === undefined ? {} : { output }) };
}

/** Where a step that was begun stands; null when it wasn't. */
function standing(
  { draft }: Replaying,
  level: Level,
  { planned, entries }: { planned: PlannedStep; entries: readonly StepEntry[] },
): Progress | typeof crashed | null {
  if (entries.some(({ action }) => action === 'step.started')) return newLoop({ level, planned });
  const waiting = entries.find(({ action }) => action === 'step.waiting')?.detail;
  if (waiting?.for !== undefined) return { kind: 'asked', of: waiting.for, until: timeOf(waiting.until) };
  const until = timeOf(waiting?.until);
  if (until !== null) {
    return { kind: 'waiting', until, then: 'wait', attempt: 0, failures: 0, check: false };
  }
  return progressOf({ level, id: planned.id, entries }, draft);
}

function timeOf(time: string | null | undefined): number | null {
  return time === null || time === undefined ? null : Date.parse(time);
}

function crash({ run, draft }: Replaying, level: Level, planned: PlannedStep): Settlement | null {
  const message = 'The process ended 10 times while this step was under way.';
  const settlement = failStep(run, { level, planned }, { code: 'step.crashes', message });
  const { id, step } = planned;
  draft.step(
    'step.failed',
    { level, id },
    { detail: { kind: step.kind, port: settlement?.port ?? null, error: { code: 'step.crashes' } } },
  );
  return settlement;
}

/** Begins again the passes that were begun, in their order, and ends those that were over. */
function replayPasses(on: Replaying, task: Task): void {
  const loop = loopOf(task);
  const { inside } = task.planned;
  const hasBegun = (at: string) => [...(on.history.begun.get(at) ?? [])].some((id) => inside?.ids.has(id));
  while (hasBegun(atOf(task.level, loop.next))) {
    const { pass, skipped } = beginPass(on.run, task);
    replayLevel(on, pass, skipped);
    if (isOver(pass)) endPass(on.run, pass);
  }
}
