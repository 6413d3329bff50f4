import { evaluateKey, getTrigger, startRun } from '@sluice/shared/flow';
import type { JournalRecord, NewEntry, NewEvent, PollUpdate, Stored } from '../journal/records.js';
import type { NewId } from '../platform/ids.js';
import { Problem } from '../platform/problem.js';
import { advance } from './advance.js';
import { type Along, alongOf } from './along.js';
import { callbackUrl } from './callback-token.js';
import type { Carrier } from './carrier.js';
import { type Deployment, isTrial } from './deployments.js';
import { Draft } from './draft.js';
import type { KeyedFile } from './file-row.js';
import { flowLevel } from './level.js';
import type { FirstRow } from './rest.js';
import { commit, type EnvironmentKeys, jsonWithinLimit, nameOfKey, newRunKey } from './run-keys.js';
import { newMemory, type Parent, type StartedBy } from './run-memory.js';

/** What a run begins from. */
export interface Beginning {
  deployment: Deployment;
  startedBy: StartedBy;
  actor: NewEntry['actor'];
  /** The id of the delivery behind it. */
  eventId: string | null;
  /** The inbox row to store with it; null when there is none or it is there already. */
  event: NewEvent | null;
  /** Of a trigger that asked for it: how far that has come with this run. */
  poll?: PollUpdate;
  /** What expressions see as `trigger`. */
  trigger: unknown;
  runId: string;
  /** That its delivery brought. */
  file?: KeyedFile;
  /** The run that began it. */
  above?: { parent: Parent; depth: number };
  /** The run that it tries again, and whose idempotency keys that one used. */
  again?: { retryOf: string; origin: string };
}

/** Puts a new run together: its memory, its row and its first entries. Throws `request.too_large`. */
export function beginRun(
  beginning: Beginning,
  {
    keys,
    owner,
    publicUrl,
    newId,
    at,
  }: { keys: EnvironmentKeys; owner: string; publicUrl: string; newId: NewId; at: number },
) {
  const { deployment, startedBy, actor, eventId, trigger, runId, above, again } = beginning;
  const json = jsonWithinLimit(trigger);
  if (json === null)
    throw new Problem('request.too_large', {
      message: 'The event is larger than 1 MiB, which is what a run may carry.',
    });
  const { key, salt, wrapped } = newRunKey(keys, runId);
  const { state, ready, skipped } = startRun(
    deployment.plan,
    scopeOf({ deployment, trigger, keys, publicUrl, id: runId }),
  );
  const root = flowLevel(deployment.plan, state);
  const { parent, depth } = above ?? { parent: null, depth: 0 };
  const { id: hook, step, compiled } = getTrigger(deployment.plan);
  const text = evaluateKey(compiled, state.scope);
  const businessKey = text === null ? null : nameOfKey(keys.idempotency, text);
  // One that is waited for would wait for whoever waits for it, where both are of one line.
  const isInLine = step.kind === 'trigger' && step.inOrder === true && parent?.waits !== true && !isTrial(deployment);
  const line = isInLine ? { key: businessKey } : null;
  const origin = { id: runId, startedBy, parent, depth, origin: again?.origin ?? runId, startedAt: at, line };
  const run = newMemory({
    ...origin,
    owner,
    epoch: 0,
    deployment,
    keys,
    payloadKey: key,
    salt,
    keepDays: deployment.keepDays,
    publicUrl,
    newId,
    root,
    stored: false,
  });
  const draft = new Draft(run, at);
  const { flow, version, hash, id } = deployment;
  draft.entry('run.started', {
    actor,
    detail: {
      flow: flow.id,
      version,
      hash,
      deployment: id,
      startedBy,
      event: eventId,
      input: commit(salt, json),
      ...(parent === null ? {} : { parent: { run: parent.run, step: parent.step } }),
      ...(again === undefined ? {} : { retryOf: again.retryOf }),
    },
  });
  draft.payload('event', json, { step: hook, attempt: 0 });
  if (beginning.file !== undefined) draft.file(beginning.file);
  const row: FirstRow = {
    id: runId,
    workspace: deployment.workspace,
    flow: flow.id,
    version,
    environment: deployment.environment,
    deployment: id,
    event: eventId,
    startedBy,
    parent,
    depth,
    retryOf: again?.retryOf ?? null,
    key: businessKey,
    inLine: isInLine,
    origin: origin.origin,
    payloadKey: wrapped,
    startedAt: at,
    keepDays: deployment.keepDays,
  };
  return { run, draft, row, next: { ready, skipped } };
}

/** What expressions of a flow see before any step has run. */
export function scopeOf(of: {
  deployment: Deployment;
  trigger: unknown;
  keys: EnvironmentKeys;
  publicUrl: string;
  /** Of the run. */
  id: string;
}) {
  const { deployment, trigger, id } = of;
  const { flow, environment, plan } = deployment;
  const callbacks = Object.fromEntries(plan.callbacks.map((step) => [step, callbackUrl(of, step)]));
  return { trigger, flow, run: { id }, environment: { name: environment }, callbacks };
}

type Begun = ReturnType<typeof beginRun>;

/** Stores the run after its first turn and carries it in this process. */
export function carryRun(carrier: Carrier, { run, draft, row, next }: Begun, along: Along): Promise<Stored> {
  draft.skipped(run.root, next.skipped);
  advance(
    run,
    draft,
    next.ready.map((id) => ({ level: run.root, id })),
  );
  return carrier.begin(run, draft, { row, ...along });
}

/** The same for a run that somebody else will carry: stored whole, with a job, before anything of it happens. */
export function recordForQueue({ run, draft, row }: Begun, along: Along) {
  draft.finish();
  return {
    entries: draft.entries,
    payloads: draft.payloads,
    run: { ...row, status: row.inLine ? 'waiting' : 'running', owner: null, error: null, endedAt: null, dueAt: null },
    jobs: [{ run: run.id, workspace: row.workspace, after: null }],
    ...alongOf(along),
  } satisfies JournalRecord;
}
