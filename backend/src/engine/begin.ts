import { randomInt } from 'node:crypto';
import { startRun } from '@sluice/shared/flow';
import type { JournalRecord, NewEntry, NewEvent, Stored } from '../journal/records.js';
import { newId } from '../platform/ids.js';
import { Problem } from '../platform/problem.js';
import { advance } from './advance.js';
import type { Carrier } from './carrier.js';
import type { Deployment } from './deployments.js';
import { Draft } from './draft.js';
import type { FirstRow } from './rest.js';
import { commit, type EnvironmentKeys, jsonWithinLimit, newRunKey } from './run-keys.js';
import { newMemory } from './run-memory.js';

/** What a run begins from. */
export interface Beginning {
  deployment: Deployment;
  startedBy: 'webhook' | 'manual' | 'replay';
  actor: NewEntry['actor'];
  /** The id of the delivery behind it. */
  eventId: string | null;
  /** The inbox row to store with it; null when there is none or it is there already. */
  event: NewEvent | null;
  /** What expressions see as `trigger`. */
  trigger: unknown;
  runId: string;
}

export function newRunId(): string {
  return newId('run');
}

/** A number from 0 to 1 that nobody can foresee. */
export function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

/** Puts a new run together: its memory, its row and its first entries. Throws `request.too_large`. */
export function beginRun(
  beginning: Beginning,
  { keys, owner, at }: { keys: EnvironmentKeys; owner: string; at: number },
) {
  const { deployment, startedBy, actor, eventId, trigger, runId } = beginning;
  const json = jsonWithinLimit(trigger);
  if (json === null)
    throw new Problem('request.too_large', {
      message: 'The event is larger than 1 MiB, which is what a run may carry.',
    });
  const { key, wrapped } = newRunKey(keys, runId);
  const scope = { trigger, flow: deployment.flow, run: { id: runId }, environment: { name: deployment.environment } };
  const { state, ready, skipped } = startRun(deployment.plan, scope);
  const run = newMemory({
    id: runId,
    owner,
    epoch: 0,
    deployment,
    keys,
    payloadKey: key,
    startedAt: at,
    keepDays: deployment.keepDays,
    state,
    stored: false,
  });
  const draft = new Draft(run, at);
  const { flow, version, hash, id } = deployment;
  const detail = { flow: flow.id, version, hash, deployment: id, startedBy, event: eventId, input: commit(keys, json) };
  draft.entry('run.started', { actor, detail });
  const planned = deployment.plan.steps[deployment.plan.trigger];
  draft.payload('event', json, { step: planned?.id ?? '', attempt: 0 });
  const row: FirstRow = {
    id: runId,
    workspace: deployment.workspace,
    flow: flow.id,
    version,
    environment: deployment.environment,
    deployment: id,
    event: eventId,
    startedBy,
    payloadKey: wrapped,
    startedAt: at,
    keepDays: deployment.keepDays,
  };
  return { run, draft, row, next: { ready, skipped } };
}

type Begun = ReturnType<typeof beginRun>;

/** Stores the run after its first turn and carries it in this process. */
export function carryRun(carrier: Carrier, { run, draft, row, next }: Begun, event: NewEvent | null): Promise<Stored> {
  advance(run, draft, next);
  return carrier.begin(run, draft, { row, event });
}

/** The same for a run that somebody else will carry: stored whole, with a job, before anything of it happens. */
export function recordForQueue({ run, draft, row }: Begun, event: NewEvent | null): JournalRecord {
  return {
    entries: draft.entries,
    payloads: draft.payloads,
    run: { ...row, status: 'running', owner: null, error: null, endedAt: null, dueAt: null },
    job: { run: run.id, workspace: row.workspace, after: null },
    ...(event === null ? {} : { event }),
  };
}
