import type { StepOf } from '@sluice/shared/flow';
import type { RunError } from '../journal/records.js';
import { tooLarge } from './too-large.js';
import { ask } from './asks.js';
import { type Beginning, beginRun, recordForQueue } from './begin.js';
import { type Deployment, isTrial } from './deployments.js';
import type { Draft } from './draft.js';
import { removeTask } from './level.js';
import { partsOf } from './step-key.js';
import { jsonWithinLimit } from './run-keys.js';
import type { RunMemory, StepError, Task } from './run-memory.js';

/* Runs that a run begins: they are stored in the same record as the turn that begins them, with a job for each. */

/** Runs begin runs no deeper than this: a flow that calls itself ends. */
const mostDepth = 16;

/** Begins the flow of a subflow step, or says why it may not be begun. */
export function beginSubflow(
  run: RunMemory,
  draft: Draft,
  { task, step, deployment, input }: { task: Task; step: StepOf<'subflow'>; deployment: Deployment; input: unknown },
): { child: string } | StepError {
  if (run.depth >= mostDepth) {
    const message = `Runs began each other ${mostDepth} times in a row. Let the flow end before it calls itself again.`;
    return { code: 'subflow.too_deep', message };
  }
  const trigger = { body: input, headers: {}, query: {}, id: null, receivedAt: new Date(draft.at).toISOString() };
  if (jsonWithinLimit(trigger) === null) return tooLarge('input');
  return begin(run, draft, {
    deployment,
    startedBy: 'subflow',
    trigger,
    above: { parent: { run: run.id, step: task.key, waits: step.wait }, depth: run.depth + 1 },
  });
}

/** Makes the step wait for the run that it began. */
export function askChild(run: RunMemory, draft: Draft, { task, child }: { task: Task; child: string }): void {
  const { step } = task.planned;
  const seconds = step.kind === 'subflow' ? step.timeoutSeconds : undefined;
  removeTask(run, task);
  const until = seconds === undefined ? null : draft.at + seconds * 1000;
  ask(run, draft, { level: task.level, planned: task.planned, kind: 'subflow', until, child });
}

/** Begins the flow that this one's settings name for failures; one that began so itself begins no other, nor does a trial. */
export function beginErrorRun(run: RunMemory, draft: Draft, error: RunError): void {
  const { errorFlow, flow, environment, version } = run.deployment;
  if (errorFlow === null || run.startedBy === 'error' || isTrial(run.deployment) || run.depth >= mostDepth) return;
  const { code, message, step } = error;
  const body = {
    run: run.id,
    flow: { id: flow.id, name: flow.name },
    version,
    environment,
    startedBy: run.startedBy,
    startedAt: new Date(run.startedAt).toISOString(),
    failedAt: new Date(draft.at).toISOString(),
    error: { code, message, step },
  };
  begin(run, draft, {
    deployment: errorFlow,
    startedBy: 'error',
    trigger: { body, headers: {}, query: {}, id: null, receivedAt: body.failedAt },
    above: {
      parent: { run: run.id, step: step === null ? '' : partsOf(step).step, waits: false },
      depth: run.depth + 1,
    },
  });
}

function begin(
  run: RunMemory,
  draft: Draft,
  beginning: Pick<Beginning, 'deployment' | 'startedBy' | 'trigger' | 'above'>,
): { child: string } {
  const child = run.newId('run');
  const begun = beginRun(
    { ...beginning, runId: child, actor: { kind: 'run', id: run.id }, eventId: null, event: null },
    { keys: run.keys, owner: run.owner, publicUrl: run.publicUrl, newId: run.newId, at: draft.at },
  );
  const record = recordForQueue(begun, { event: null });
  draft.entries.push(...record.entries);
  draft.payloads.push(...record.payloads);
  draft.children.push(record.run);
  draft.jobs.push(...record.jobs);
  return { child };
}
