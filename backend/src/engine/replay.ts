import { getStep, readySteps, resolveStop, settleStep, type Settlement } from '@sluice/shared/flow';
import { z } from 'zod';
import type { NewPayload } from '../journal/records.js';
import { failStep } from './advance.js';
import type { Draft } from './draft.js';
import type { Progress, RunMemory } from './run-memory.js';

/** An entry about a step, as the log has it. */
export interface StepEntry {
  action: string;
  step: string;
  attempt: number | null;
  detail: z.output<typeof detailSchema>;
}

const detailSchema = z.object({
  status: z.string().optional(),
  port: z.string().nullable().optional(),
  effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe']).optional(),
  uncertain: z.boolean().optional(),
  paused: z.boolean().optional(),
  until: z.string().optional(),
  retryAt: z.string().optional(),
  happened: z.boolean().optional(),
});
const bodySchema = z.object({ action: z.string(), step: z.string(), attempt: z.int().nullish(), detail: detailSchema });
const skippedSchema = z.object({ detail: z.object({ steps: z.array(z.string()) }) });

/** Reads the texts of a run's `step.*` entries, in any order. */
export function readEntries(bodies: readonly string[]): Pick<History, 'entries' | 'skipped'> {
  const entries: StepEntry[] = [];
  const skipped = new Set<string>();
  for (const body of bodies) {
    const value: unknown = JSON.parse(body);
    const passed = skippedSchema.safeParse(value);
    if (passed.success) for (const id of passed.data.detail.steps) skipped.add(id);
    const parsed = bodySchema.safeParse(value);
    if (parsed.success) entries.push({ ...parsed.data, attempt: parsed.data.attempt ?? null });
  }
  return { entries, skipped };
}

export type OpenPayload = Pick<NewPayload, 'step' | 'attempt' | 'kind'> & { value: unknown };

/** What the log and the payloads say about a run. */
export interface History {
  entries: readonly StepEntry[];
  /** Steps that were passed over. */
  skipped: ReadonlySet<string>;
  payloads: readonly OpenPayload[];
}

/** After so many attempts that ended with the process, a step is taken for what ends it. */
const mostCrashes = 10;

/**
 * Brings a run just started to where its history left it. Settles each step by what is recorded for it, in whatever
 * order the entries were written, so it doesn't matter which lane or machine wrote them.
 */
export function replay(
  run: RunMemory,
  draft: Draft,
  { history, skipped: first }: { history: History; skipped: readonly string[] },
): void {
  const { plan } = run.deployment;
  const skipped = [...first];
  const entries = Map.groupBy(history.entries, ({ step }) => step);
  const outputs = outputsOf(history.payloads);
  for (const { step, kind, value } of history.payloads)
    if (kind === 'input') run.inputs.set(step, JSON.stringify(value));
  const seen = new Set<string>();
  // Settled steps make others ready; what is left is what the run stands at.
  for (
    let ready = readySteps(plan, run.state);
    ready.length > 0;
    ready = readySteps(plan, run.state).filter((id) => !seen.has(id))
  ) {
    for (const id of ready) {
      seen.add(id);
      const settlement = settlementOf(run, draft, { id, entries: entries.get(id) ?? [], outputs, history });
      if (settlement !== null) skipped.push(...settleStep(plan, run.state, id, settlement).skipped);
    }
  }
  const unsaid = skipped.filter((id) => !history.skipped.has(id));
  if (unsaid.length > 0) draft.entry('step.skipped', { detail: { steps: unsaid } });
}

/** Steps that are ready and not noted in `run.steps`: they were never begun. */
export function unbegun(run: RunMemory): string[] {
  return readySteps(run.deployment.plan, run.state).filter((id) => !run.steps.has(id));
}

function outputsOf(payloads: readonly OpenPayload[]): Map<string, unknown> {
  const outputs = new Map<string, unknown>();
  for (const { kind, step, value } of payloads) {
    if (kind === 'output') outputs.set(step, value);
    if (kind === 'outputs')
      for (const [id, output] of Object.entries(z.record(z.string(), z.unknown()).parse(value)))
        outputs.set(id, output);
  }
  return outputs;
}

interface Recorded {
  id: string;
  entries: readonly StepEntry[];
  outputs: ReadonlyMap<string, unknown>;
  history: History;
}

/** How a step was settled; null when it wasn't, and then where it stands is in `run.steps`, or it was never begun. */
function settlementOf(run: RunMemory, draft: Draft, { id, entries, outputs, history }: Recorded): Settlement | null {
  const planned = getStep(run.deployment.plan, id);
  const find = (test: (entry: StepEntry) => boolean) => entries.find(test);
  const succeeded = find(
    ({ action, detail }) => action === 'step.succeeded' || (action === 'step.outcome' && detail.status === 'succeeded'),
  );
  if (succeeded !== undefined && planned.step.kind === 'stop') {
    const { outcome, message = '' } = resolveStop(run.deployment.plan, run.state, id);
    run.ending ??= {
      status: outcome,
      error: outcome === 'failed' ? { code: 'flow.stopped', message, step: id } : null,
    };
    return null;
  }
  if (succeeded !== undefined) {
    const output = outputs.get(id);
    return { status: 'succeeded', port: succeeded.detail.port ?? null, ...(output === undefined ? {} : { output }) };
  }
  if (find(({ action, detail }) => action === 'step.resolved' && detail.happened === true) !== undefined) {
    return { status: 'succeeded', port: 'next', output: {} };
  }
  const failed = find(
    ({ action, detail }) => action === 'step.failed' || (action === 'step.outcome' && detail.port !== undefined),
  );
  if (failed !== undefined) return failStep(run, planned, errorOf(history, id));
  const waiting = find(({ action }) => action === 'step.waiting');
  if (waiting?.detail.until !== undefined) {
    run.steps.set(id, {
      kind: 'waiting',
      until: Date.parse(waiting.detail.until),
      then: 'wait',
      attempt: 0,
      failures: 0,
      check: false,
    });
    return null;
  }
  const progress = progressOf(id, entries, draft);
  if (progress === 'crashes') {
    draft.entry('step.failed', { step: id, detail: { kind: 'action', port: null, error: { code: 'step.crashes' } } });
    return failStep(run, planned, {
      code: 'step.crashes',
      message: `The process ended ${mostCrashes} times while this step was under way.`,
    });
  }
  if (progress !== null) run.steps.set(id, progress);
  return null;
}

/** Where the attempts of an action stand; null when there was none. */
function progressOf(id: string, entries: readonly StepEntry[], draft: Draft): Progress | 'crashes' | null {
  const intents = entries.filter(({ action }) => action === 'step.intent');
  const last = intents.reduce((most, { attempt }) => Math.max(most, attempt ?? 0), 0);
  if (last === 0) return null;
  const of = (action: string) => entries.filter((entry) => entry.action === action);
  const outcomes = of('step.outcome');
  const failures = outcomes.filter(({ detail }) => detail.paused !== true).length;
  const check = outcomes.some(({ detail }) => detail.uncertain === true) || intents.length > outcomes.length;
  const outcome = outcomes.find(({ attempt }) => attempt === last);
  if (outcome?.detail.retryAt !== undefined) {
    return {
      kind: 'waiting',
      until: Date.parse(outcome.detail.retryAt),
      then: 'retry',
      attempt: last + 1,
      failures,
      check,
    };
  }
  // Resolved as "it didn't happen": the next attempt.
  if (of('step.resolved').some(({ attempt }) => attempt === last))
    return { kind: 'due', attempt: last + 1, failures, check: false };
  if (of('step.in_doubt').some(({ attempt }) => attempt === last)) return { kind: 'in-doubt', attempt: last };
  const effect = intents.find(({ attempt }) => attempt === last)?.detail.effect;
  if (effect === 'unsafe') {
    // The process ended between intent and outcome: nobody knows.
    draft.entry('step.in_doubt', {
      step: id,
      attempt: last,
      detail: { status: 'in_doubt', error: { code: 'process.lost' } },
    });
    return { kind: 'in-doubt', attempt: last };
  }
  if (last - outcomes.length > mostCrashes) return 'crashes';
  return { kind: 'due', attempt: last + 1, failures, check: true };
}

function errorOf(history: History, id: string): { code: string; message: string } {
  const errors = history.payloads.filter(({ kind, step }) => kind === 'error' && step === id);
  const last = errors.reduce<OpenPayload | null>(
    (found, error) => (found === null || error.attempt > found.attempt ? error : found),
    null,
  );
  const parsed = z.object({ code: z.string(), message: z.string() }).safeParse(last?.value);
  return parsed.success ? parsed.data : { code: 'step.failed', message: 'The step failed.' };
}
