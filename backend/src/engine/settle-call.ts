import type { Json } from '@sluice/shared/lib';
import type { CallRecord } from '../broker/call.js';
import { endFailedTask, failStep, settleTask } from './advance.js';
import type { Draft } from './draft.js';
import type { CallResult } from './perform-call.js';
import type { PreparedCall } from './prepare-call.js';
import { isHold } from './pause-policy.js';
import { type CallFailure, judgeFailure } from './retry-policy.js';
import { commit, shortName } from './run-keys.js';
import type { RunMemory, Task } from './run-memory.js';

/** An attempt on its way: what was intended, and how often it was tried before. */
export interface Attempt {
  task: Task;
  call: PreparedCall;
  attempt: number;
  failures: number;
  check: boolean;
}

/** Writes the intent of an attempt: from its commit on, the log knows the call that may happen. */
export function draftIntent(run: RunMemory, draft: Draft, { task, call, attempt }: Attempt): void {
  const { slot, action, step, effect, inputJson } = call;
  draft.step('step.intent', placeOf(task), {
    attempt,
    detail: {
      connector: slot.connectorId,
      action: step.action,
      ...accessOf(call),
      hosts: slot.hosts,
      call: `${action.method} ${action.path}`,
      effect: effect.class,
      key: shortName(call.idempotencyKey),
      input: commit(run.salt, inputJson),
    },
  });
  // The input stays the same, so one copy serves all attempts.
  if (attempt === 1) draft.payload('input', inputJson, { step: task.key, attempt });
}

/** Writes what came of an attempt and takes the run on from there. `random` is from 0 to 1. */
export function settleAttempt(
  run: RunMemory,
  draft: Draft,
  { attempt, result, random }: { attempt: Attempt; result: CallResult; random: number },
): void {
  const { outcome } = result;
  if (!outcome.ok)
    return settleFailure(run, draft, { attempt, failure: outcome.failure, records: result.records, random });
  const { task, call } = attempt;
  draft.step('step.outcome', placeOf(task), {
    attempt: attempt.attempt,
    detail: {
      status: 'succeeded',
      port: 'next',
      ...(outcome.found ? { found: true } : {}),
      ...accessOf(call),
      calls: result.records.map(describeCall),
      output: commit(run.salt, outcome.json),
    },
  });
  for (const file of result.files) draft.file(file);
  draft.payload('output', outcome.json, { step: task.key, attempt: attempt.attempt });
  settleTask(run, draft, { task, settlement: { status: 'succeeded', port: 'next', output: outcome.output } });
}

function settleFailure(
  run: RunMemory,
  draft: Draft,
  {
    attempt: tried,
    failure,
    records,
    random,
  }: { attempt: Attempt; failure: CallFailure; records: readonly CallRecord[]; random: number },
): void {
  const { task, call, attempt } = tried;
  const counted = tried.failures + 1;
  const error = { code: failure.code, message: failure.message };
  const verdict = judgeFailure(failure, {
    effect: call.effect.class,
    retry: call.step.retry,
    failures: counted,
    random,
  });
  const failures = verdict.kind === 'pause' ? tried.failures : counted;
  const settlement = verdict.kind === 'final' ? failStep(run, task, error) : null;
  const retryAt = 'afterMs' in verdict ? draft.at + verdict.afterMs : null;
  draft.payload('error', JSON.stringify(error), { step: task.key, attempt });
  draft.step(verdict.kind === 'in-doubt' ? 'step.in_doubt' : 'step.outcome', placeOf(task), {
    attempt,
    detail: {
      status: verdict.kind === 'in-doubt' ? 'in_doubt' : 'failed',
      error: { code: failure.code },
      ...(failure.uncertain ? { uncertain: true } : {}),
      ...(verdict.kind === 'pause' ? { paused: true } : {}),
      ...(verdict.kind === 'final' ? { port: settlement?.port ?? null } : {}),
      ...(retryAt === null ? {} : { retryAt: new Date(retryAt).toISOString() }),
      ...accessOf(call),
      calls: records.map(describeCall),
    },
  });
  if (verdict.kind === 'in-doubt') draft.tell('step.in_doubt', { step: task.key });
  const check = tried.check || failure.uncertain;
  if (verdict.kind === 'final') return endFailedTask(run, draft, { task, settlement });
  // The pass that it belongs to ends already, so it isn't tried again; a doubt is asked all the same.
  if (retryAt !== null && task.level.failure !== null) return endFailedTask(run, draft, { task, settlement: null });
  task.progress =
    retryAt === null
      ? { kind: 'in-doubt', attempt }
      : {
          kind: 'waiting',
          until: retryAt,
          then: 'retry',
          held: isHold(failure),
          attempt: attempt + 1,
          failures,
          check,
        };
}

function placeOf({ level, planned }: Task) {
  return { level, id: planned.id };
}

function accessOf({ slot, action }: PreparedCall): Record<string, Json> {
  return { connection: slot.connection, grant: slot.grant, scopes: action.scopes };
}

function describeCall(record: CallRecord): Json {
  const { host, method, path, status, bytesSent, bytesReceived, milliseconds } = record;
  return { host, method, path, status, bytesSent, bytesReceived, milliseconds };
}
