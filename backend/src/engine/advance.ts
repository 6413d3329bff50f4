import {
  evaluateInput,
  evaluatePureStep,
  evaluateQuestion,
  evaluateRespond,
  evaluateStop,
  evaluateWait,
  getStep,
  isPure,
  type Settlement,
  settlementOfFailure,
  settleStep,
  StepFailure,
} from '@sluice/shared/flow';
import { draftApproval, draftCallback } from './asks.js';
import { compute } from './compute.js';
import type { Draft } from './draft.js';
import { addTask, keyOf, type Level, removeTask, stopLevel, type Work } from './level.js';
import { beginPass, endPass, isOver, loopOf, mayBegin, newLoop, resultOf } from './loop.js';
import { jsonWithinLimit } from './run-keys.js';
import { standInPort } from './stand-ins.js';
import { tooLarge } from './too-large.js';
import type { RunMemory, StepError, Task } from './run-memory.js';

/*
 * Takes a run as far as it goes without waiting for anything: pure steps, answers and ends happen at once, what takes
 * time becomes a task. Changes the run and writes what happened into the draft; touches nothing else.
 */

/** A turn takes no more steps than this, so that a long loop lets others have theirs. */
const mostSteps = 5000;
/** Nor does it gather more characters of values than this and one value: they are in memory until they are stored. */
const mostSize = 4 * 1024 * 1024;

/** Goes on with steps that became ready, and with what a turn before left. */
export function advance(run: RunMemory, draft: Draft, work: readonly Work[] = []): void {
  const { backlog } = run;
  for (const one of work) backlog.push(one);
  let taken = 0;
  while (taken < backlog.length && taken < mostSteps && draft.size < mostSize && run.ending === null) {
    const next = backlog[taken];
    taken += 1;
    if (next !== undefined && next.level.failure === null)
      takeStep(run, draft, { level: next.level, planned: getStep(next.level.plan, next.id) });
  }
  backlog.splice(0, run.ending === null ? taken : backlog.length);
}

/** Settles a task, and goes on. */
export function settleTask(
  run: RunMemory,
  draft: Draft,
  { task, settlement }: { task: Task; settlement: Settlement },
): void {
  removeTask(run, task);
  settle(run, draft, { ...placeOf(task), settlement });
  advance(run, draft);
}

/** Ends a task that failed for good: `settlement` by what its step says, or null when its level ends with it. */
export function endFailedTask(
  run: RunMemory,
  draft: Draft,
  { task, settlement }: { task: Task; settlement: Settlement | null },
): void {
  if (settlement !== null) return settleTask(run, draft, { task, settlement });
  removeTask(run, task);
  closePass(run, draft, task.level);
  advance(run, draft);
}

/** A task that failed for good: written, and ended as its step says. */
export function failTask(run: RunMemory, draft: Draft, { task, error }: { task: Task; error: StepError }): void {
  removeTask(run, task);
  recordFailure(run, draft, { ...placeOf(task), error });
  advance(run, draft);
}

/** What a step that failed for good means: how it settles; or null, and then its level will end. */
export function failStep(run: RunMemory, { level, planned }: Place, error: StepError): Settlement | null {
  const { id, step } = planned;
  const settlement = settlementOfFailure(step, error);
  if (settlement !== null) return settlement;
  const at = level.plan.indexOf.get(id) ?? -1;
  if (level.pass !== null) stopLevel(run, level, { why: error, at });
  else if (run.ending === null || at < level.failedAt) {
    level.failedAt = at;
    run.ending = { status: 'failed', error: { ...error, step: id } };
  }
  return null;
}

/** A step where it stands. */
type Place = Pick<Task, 'level' | 'planned'>;

function placeOf({ level, planned }: Task): Place {
  return { level, planned };
}

/** A step that is settled, and what may run because of it. */
function settle(
  run: RunMemory,
  draft: Draft,
  { level, planned, settlement }: Place & { settlement: Settlement },
): void {
  const { ready, skipped } = settleStep(level.plan, level.state, planned.id, settlement);
  draft.skipped(level, skipped);
  for (const id of ready) run.backlog.push({ level, id });
  closePass(run, draft, level);
}

/** Carries out a ready step, or makes it a task when it takes time. */
function takeStep(run: RunMemory, draft: Draft, place: Place): void {
  const { level, planned } = place;
  const { step } = planned;
  if (level.pass === null && run.standIns.has(planned.id)) return takeStandIn(run, draft, place);
  try {
    if (isPure(step)) return takePureStep(run, draft, place);
    switch (step.kind) {
      case 'action':
      case 'state':
      case 'code':
      case 'subflow':
        // The run that this one tries again may have done it: look before writing.
        addTask(run, {
          level,
          planned,
          progress: { kind: 'due', attempt: 1, failures: 0, check: run.origin !== run.id },
        });
        return;
      case 'wait':
        return takeWait(run, draft, place);
      case 'approval':
        return draftApproval(run, draft, { ...place, question: evaluateQuestion(planned.compiled, level.state.scope) });
      case 'callback':
        return draftCallback(run, draft, place);
      case 'forEach':
      case 'repeat':
        return takeLoop(run, draft, place);
      case 'respond': {
        const reply = evaluateRespond(planned.compiled, level.state.scope);
        run.reply ??= reply;
        return finish(run, draft, { ...place, port: 'next', output: { status: reply.status } });
      }
      case 'stop': {
        const { outcome, message = 'The flow stopped the run.' } = evaluateStop(planned.compiled, level.state.scope);
        draft.step('step.succeeded', { level, id: planned.id }, { detail: { kind: 'stop', port: null } });
        const error = outcome === 'failed' ? { code: 'flow.stopped', message, step: planned.id } : null;
        run.ending = { status: outcome, error };
        return;
      }
      default:
        throw new Error(`A step of the kind ${step.kind} can't be carried out.`);
    }
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    recordFailure(run, draft, { ...place, error: { code: error.code, message: error.message } });
  }
}

/** Its output was sealed when the run began; the entry is what a replay settles it by. */
function takeStandIn(run: RunMemory, draft: Draft, { level, planned }: Place): void {
  const { id, step } = planned;
  const [port, output] = [standInPort(step), run.standIns.get(id)];
  draft.step('step.reused', { level, id }, { detail: { kind: step.kind, port, standIn: true } });
  settle(run, draft, { level, planned, settlement: { status: 'succeeded', port, output } });
}

function takePureStep(run: RunMemory, draft: Draft, place: Place): void {
  const { planned, level } = place;
  if (planned.step.kind === 'compute') {
    const { output, size } = compute(planned.step, evaluateInput(planned.compiled, level.state.scope));
    draft.size += size;
    return finish(run, draft, { ...place, port: 'next', output });
  }
  const settlement = evaluatePureStep(planned.compiled, level.state.scope);
  if (settlement.status === 'failed') {
    const error = settlement.error ?? { code: 'step.failed', message: 'The step failed.' };
    return recordFailure(run, draft, { ...place, error });
  }
  finish(run, draft, { ...place, port: settlement.port, output: settlement.output });
}

/** A step that is done at once, or a loop that is over. */
function finish(
  run: RunMemory,
  draft: Draft,
  { level, planned, port, output }: Place & { port: string | null; output: unknown },
): void {
  const json = jsonWithinLimit(output);
  if (json === null) return recordFailure(run, draft, { level, planned, error: tooLarge('output') });
  draft.done(level, planned, { port, json });
  settle(run, draft, { level, planned, settlement: { status: 'succeeded', port, output } });
}

function takeWait(run: RunMemory, draft: Draft, place: Place): void {
  const { level, planned } = place;
  const wait = evaluateWait(planned.compiled, level.state.scope);
  const until = 'until' in wait ? Date.parse(wait.until) : draft.at + wait.seconds * 1000;
  if (until <= draft.at) return finish(run, draft, { ...place, port: 'next', output: {} });
  addTask(run, { ...place, progress: { kind: 'waiting', until, then: 'wait', attempt: 0, failures: 0, check: false } });
  draft.step('step.waiting', { level, id: planned.id }, { detail: { until: new Date(until).toISOString() } });
}

/** A wait that is over. */
export function endWait(run: RunMemory, draft: Draft, task: Task): void {
  removeTask(run, task);
  finish(run, draft, { ...placeOf(task), port: 'next', output: {} });
  advance(run, draft);
}

function takeLoop(run: RunMemory, draft: Draft, place: Place): void {
  const loop = newLoop(place);
  const { level, planned } = place;
  const detail = { kind: planned.step.kind, items: loop.items?.length ?? null };
  draft.step('step.started', { level, id: planned.id }, { detail });
  pump(run, draft, addTask(run, { ...place, progress: loop }));
}

/** Begins as many passes as may be under way, and ends the loop when none is left. */
export function pump(run: RunMemory, draft: Draft, task: Task): void {
  const loop = loopOf(task);
  while (run.ending === null && mayBegin(task, loop)) {
    const { pass, ready, skipped } = beginPass(run, task);
    draft.skipped(pass, skipped);
    for (const id of ready) run.backlog.push({ level: pass, id });
    if (isOver(pass)) endPass(run, pass);
  }
  if (loop.passes.size > 0 || run.ending !== null) return;
  removeTask(run, task);
  if (loop.failure !== null) recordFailure(run, draft, { ...placeOf(task), error: loop.failure });
  else finish(run, draft, { ...placeOf(task), port: 'next', output: resultOf(task, loop) });
}

/** Goes on with the loop when one of its passes is over. */
function closePass(run: RunMemory, draft: Draft, level: Level): void {
  if (level.pass === null || !isOver(level)) return;
  endPass(run, level);
  const { task } = level.pass;
  if (run.tasks.get(task.key) === task) pump(run, draft, task);
}

/** Writes that a step failed for good, and goes on as it says. */
function recordFailure(run: RunMemory, draft: Draft, { level, planned, error }: Place & { error: StepError }): void {
  const settlement = failStep(run, { level, planned }, error);
  const { id, step } = planned;
  draft.step(
    'step.failed',
    { level, id },
    { detail: { kind: step.kind, port: settlement?.port ?? null, error: { code: error.code } } },
  );
  draft.payload('error', JSON.stringify(error), { step: keyOf(level, id), attempt: 0 });
  if (settlement === null) closePass(run, draft, level);
  else settle(run, draft, { level, planned, settlement });
}
