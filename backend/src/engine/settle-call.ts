import type { Json } from '@sluice/shared/lib';
import type { Settlement } from '@sluice/shared/flow';
import type { CallRecord } from '../broker/call.js';
import { failStep, settleAndAdvance } from './advance.js';
import type { Draft } from './draft.js';
import type { CallResult } from './perform-call.js';
import type { PreparedCall } from './prepare-call.js';
import { type CallFailure, judgeFailure } from './retry-policy.js';
import { commit } from './run-keys.js';
import type { RunMemory } from './run-memory.js';

/** An attempt on its way: what was intended, and how often it was tried before. */
export interface Attempt {
  stepId: string;
  call: PreparedCall;
  attempt: number;
  failures: number;
  check: boolean;
}

/** Writes the intent of an attempt: from its commit on, the log knows the call that may happen. */
export function draftIntent(run: RunMemory, draft: Draft, { stepId, call, attempt }: Attempt): void {
  const { slot, action, step, effect, inputJson } = call;
  draft.entry('step.intent', {
    step: stepId,
    attempt,
    detail: {
      connector: slot.connectorId,
      action: step.action,
      ...accessOf(call),
      hosts: slot.hosts,
      call: `${action.method} ${action.path}`,
      effect: effect.class,
      key: commit(run.keys, call.idempotencyKey).slice(0, 16),
      input: commit(run.keys, inputJson),
    },
  });
  // The input stays the same, so one copy serves all attempts.
  if (attempt === 1) draft.payload('input', inputJson, { step: stepId, attempt });
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
  const { stepId, call } = attempt;
  draft.entry('step.outcome', {
    step: stepId,
    attempt: attempt.attempt,
    detail: {
      status: 'succeeded',
      port: 'next',
      ...(outcome.found ? { found: true } : {}),
      ...accessOf(call),
      calls: result.records.map(describeCall),
      output: commit(run.keys, outcome.json),
    },
  });
  draft.payload('output', outcome.json, { step: stepId, attempt: attempt.attempt });
  settleAndAdvance(run, draft, { stepId, settlement: { status: 'succeeded', port: 'next', output: outcome.output } });
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
  const { stepId, call, attempt } = tried;
  const counted = tried.failures + 1;
  const error = { code: failure.code, message: failure.message };
  const verdict = judgeFailure(failure, {
    effect: call.effect.class,
    retry: call.step.retry,
    failures: counted,
    random,
  });
  const failures = verdict.kind === 'pause' ? tried.failures : counted;
  const settlement = verdict.kind === 'final' ? failStep(run, call.planned, error) : null;
  const retryAt = 'afterMs' in verdict ? draft.at + verdict.afterMs : null;
  draft.payload('error', JSON.stringify(error), { step: stepId, attempt });
  draft.entry(verdict.kind === 'in-doubt' ? 'step.in_doubt' : 'step.outcome', {
    step: stepId,
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
  if (settlement !== null) return settleAndAdvance(run, draft, { stepId, settlement });
  const check = tried.check || failure.uncertain;
  if (retryAt !== null) {
    run.steps.set(stepId, { kind: 'waiting', until: retryAt, then: 'retry', attempt: attempt + 1, failures, check });
  } else if (verdict.kind === 'in-doubt') {
    run.steps.set(stepId, { kind: 'in-doubt', attempt });
  } else {
    run.steps.delete(stepId);
  }
}

/** An action that can't even be called: a mapping failed, a slot is unbound. */
export function settleUncallable(
  run: RunMemory,
  draft: Draft,
  {
    stepId,
    call,
    error,
  }: { stepId: string; call: Parameters<typeof failStep>[1]; error: { code: string; message: string } },
): void {
  const settlement: Settlement | null = failStep(run, call, error);
  run.steps.delete(stepId);
  draft.entry('step.failed', {
    step: stepId,
    detail: { kind: 'action', port: settlement?.port ?? null, error: { code: error.code } },
  });
  draft.payload('error', JSON.stringify(error), { step: stepId, attempt: 0 });
  if (settlement !== null) settleAndAdvance(run, draft, { stepId, settlement });
}

function accessOf({ slot, action }: PreparedCall): Record<string, Json> {
  return { connection: slot.connection, grant: slot.grant, scopes: action.scopes };
}

function describeCall(record: CallRecord): Json {
  const { host, method, path, status, bytesSent, bytesReceived, milliseconds } = record;
  return { host, method, path, status, bytesSent, bytesReceived, milliseconds };
}
