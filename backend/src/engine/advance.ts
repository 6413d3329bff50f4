import {
  getStep,
  isPure,
  type PlannedStep,
  resolveRespond,
  resolveStop,
  resolveWait,
  runPureStep,
  type Settlement,
  settlementOfFailure,
  settleStep,
  StepFailure,
} from '@sluice/shared/flow';
import type { Draft } from './draft.js';
import { jsonWithinLimit } from './run-keys.js';
import type { RunMemory } from './run-memory.js';

/*
 * Takes a run as far as it goes without waiting for anything: pure steps, answers and ends happen at once, actions and
 * waits are noted in `run.steps`. Changes the run and writes what happened into the draft; touches nothing else.
 */

interface StepError {
  code: string;
  message: string;
}

/** Goes on with steps that became ready. `skipped` are those that were passed over on the way to them. */
export function advance(
  run: RunMemory,
  draft: Draft,
  next: { ready: readonly string[]; skipped: readonly string[] },
): void {
  const ready = [...next.ready];
  const skipped = [...next.skipped];
  for (let i = 0; i < ready.length && run.ending === null; i += 1) {
    const stepId = ready[i] ?? '';
    const settlement = takeStep(run, draft, getStep(run.deployment.plan, stepId));
    if (settlement === null) continue;
    const after = settleStep(run.deployment.plan, run.state, stepId, settlement);
    ready.push(...after.ready);
    skipped.push(...after.skipped);
  }
  if (skipped.length > 0) draft.entry('step.skipped', { detail: { steps: skipped } });
}

/** Settles a step that took time, and goes on. */
export function settleAndAdvance(
  run: RunMemory,
  draft: Draft,
  { stepId, settlement }: { stepId: string; settlement: Settlement },
): void {
  run.steps.delete(stepId);
  advance(run, draft, settleStep(run.deployment.plan, run.state, stepId, settlement));
}

/** What a step that failed for good means: how it settles, or that the run will end (null). */
export function failStep(run: RunMemory, { id, step }: PlannedStep, error: StepError): Settlement | null {
  const settlement = settlementOfFailure(step, error);
  if (settlement !== 'fail-run') return settlement;
  run.ending ??= { status: 'failed', error: { ...error, step: id } };
  return null;
}

/** Carries out a ready step; null when it takes time or ends the run. */
function takeStep(run: RunMemory, draft: Draft, planned: PlannedStep): Settlement | null {
  const { id, step } = planned;
  try {
    if (isPure(step)) return takePureStep(run, draft, planned);
    switch (step.kind) {
      case 'action':
        run.steps.set(id, { kind: 'due', attempt: 1, failures: 0, check: false });
        return null;
      case 'wait':
        return takeWait(run, draft, id);
      case 'respond': {
        const reply = resolveRespond(run.deployment.plan, run.state, id);
        const output = { status: reply.status };
        run.reply ??= reply;
        draft.entry('step.succeeded', { step: id, detail: { kind: 'respond', port: 'next', ...output } });
        draft.pureOutput(id, JSON.stringify(output));
        return { status: 'succeeded', port: 'next', output };
      }
      case 'stop': {
        const { outcome, message = 'The flow stopped the run.' } = resolveStop(run.deployment.plan, run.state, id);
        draft.entry('step.succeeded', { step: id, detail: { kind: 'stop', port: null } });
        run.ending = {
          status: outcome,
          error: outcome === 'failed' ? { code: 'flow.stopped', message, step: id } : null,
        };
        return null;
      }
      default:
        throw new StepFailure(
          'step.unsupported',
          `This version of Sluice can't run steps of the kind ${step.kind} yet.`,
        );
    }
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return recordFailure(run, draft, { planned, error: { code: error.code, message: error.message } });
  }
}

function takePureStep(run: RunMemory, draft: Draft, planned: PlannedStep): Settlement | null {
  const { id, step } = planned;
  const settlement = runPureStep(run.deployment.plan, run.state, id);
  if (settlement.status === 'failed') {
    return recordFailure(run, draft, {
      planned,
      error: settlement.error ?? { code: 'step.failed', message: 'The step failed.' },
    });
  }
  const json = jsonWithinLimit(settlement.output);
  if (json === null) return recordFailure(run, draft, { planned, error: tooLarge('output') });
  draft.pureOutput(id, json);
  draft.entry('step.succeeded', { step: id, detail: { kind: step.kind, port: settlement.port } });
  return settlement;
}

function takeWait(run: RunMemory, draft: Draft, id: string): Settlement | null {
  const wait = resolveWait(run.deployment.plan, run.state, id);
  const until = 'until' in wait ? Date.parse(wait.until) : draft.at + wait.seconds * 1000;
  if (until <= draft.at) return endWait(draft, id);
  run.steps.set(id, { kind: 'waiting', until, then: 'wait', attempt: 0, failures: 0, check: false });
  draft.entry('step.waiting', { step: id, detail: { until: new Date(until).toISOString() } });
  return null;
}

/** A wait that is over. */
export function endWait(draft: Draft, step: string): Settlement {
  draft.entry('step.succeeded', { step, detail: { kind: 'wait', port: 'next' } });
  draft.pureOutput(step, '{}');
  return { status: 'succeeded', port: 'next', output: {} };
}

function recordFailure(
  run: RunMemory,
  draft: Draft,
  { planned, error }: { planned: PlannedStep; error: StepError },
): Settlement | null {
  const settlement = failStep(run, planned, error);
  const { id, step } = planned;
  draft.entry('step.failed', {
    step: id,
    detail: { kind: step.kind, port: settlement?.port ?? null, error: { code: error.code } },
  });
  draft.payload('error', JSON.stringify(error), { step: id, attempt: 0 });
  return settlement;
}

export function tooLarge(what: 'input' | 'output'): StepError {
  return {
    code: 'value.too_large',
    message: `The step's ${what} is larger than 1 MiB. Pass on only the fields that later steps need.`,
  };
}
