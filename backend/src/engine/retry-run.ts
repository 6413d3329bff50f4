import type { RetryStep } from '@sluice/shared/api';
import type { Actor } from '../platform/actor.js';
import type { Clock } from '../platform/clock.js';
import type { NewId } from '../platform/ids.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import { beginRun, recordForQueue } from './begin.js';
import type { Deployment, Deployments } from './deployments.js';
import { type History, readHistory } from './history.js';
import { type KeptValue, openPayloads } from './open-payloads.js';
import { noteStandIns } from './stand-ins.js';
import { planRetry } from './retry-plan.js';
import { loadEnvironmentKeys, openRunKey } from './run-keys.js';
import type { RunStore, StoredRun } from './store/run-store.js';
import { takeOver } from './take-over.js';

/* A retry is a run of its own that begins with what it takes over from the run before, and repeats its idempotency keys. */

export interface RetryRooms {
  store: RunStore;
  keyring: Keyring;
  deployments: Deployments;
  clock: Clock;
  publicUrl: string;
  newId: NewId;
}

export interface RetryAsked {
  actor: Actor;
  run: string;
  from: 'failed' | 'start';
  version: 'same' | 'current';
}

/** A record is one commit, and others wait for it. */
const mostTakenOver = 20_000;

/** Everything that is known of a run that has ended. */
export interface Before {
  row: StoredRun;
  old: Deployment;
  next: Deployment;
  bodies: readonly string[];
  values: readonly KeptValue[];
  history: History;
}

/** What a retry would do. Throws `run.unknown`, `run.still_running`, `deployment.none`. */
export async function tellRetry(
  rooms: RetryRooms,
  asked: RetryAsked,
): Promise<{ version: number; steps: RetryStep[] }> {
  const before = await readBefore(rooms, asked);
  return { version: before.next.version, steps: planOf(before, asked) };
}

/**
 * The record of a run that tries another one again. `repeat` names the steps that may do again what they have done.
 * Throws what `tellRetry` throws, `run.nothing_failed`, and `run.retry_repeats` with the steps that are not named.
 */
export async function recordOfRetry(
  rooms: RetryRooms,
  { repeat, ...asked }: RetryAsked & { repeat: readonly string[] },
) {
  const before = await readBefore(rooms, asked);
  const steps = planOf(before, asked);
  if (asked.from === 'failed' && steps.every(({ plan }) => plan === 'kept')) throw new Problem('run.nothing_failed');
  assertAgreed(steps, repeat);
  const { row, next, values } = before;
  const keys = await loadEnvironmentKeys(rooms.keyring, next);
  const { member, name } = asked.actor;
  const begun = beginRun(
    {
      deployment: next,
      startedBy: 'retry',
      actor: { kind: 'member', id: member, name },
      eventId: row.event,
      event: null,
      trigger: values.find(({ kind }) => kind === 'event')?.value ?? null,
      runId: rooms.newId('run'),
      again: { retryOf: row.id, origin: row.origin },
    },
    { keys, owner: '', publicUrl: rooms.publicUrl, newId: rooms.newId, at: rooms.clock.now() },
  );
  // A trial that is tried again calls no more than it did.
  noteStandIns(begun.draft, standInsOf(before.history));
  if (asked.from === 'start') return recordForQueue(begun, { event: null });
  takeOver(begun.draft, before);
  const record = recordForQueue(begun, { event: null });
  const { entries } = record;
  if (entries.length > mostTakenOver)
    throw new Problem('request.too_large', {
      message: 'This run has too many steps to take over; retry it from the start.',
    });
  return record;
}

function standInsOf({ standIns, outputs }: History): Map<string, string> {
  return new Map([...standIns].map((id) => [id, JSON.stringify(outputs.get(id) ?? {})]));
}

async function readBefore(rooms: RetryRooms, { actor, run, version }: RetryAsked): Promise<Before> {
  const { store, keyring, deployments } = rooms;
  const row = await store.findRun({ run, workspace: actor.workspace });
  if (row === null) throw new Problem('run.unknown');
  if (!row.isOver) throw new Problem('run.still_running');
  // What it carried was erased, and its key.
  if (row.payloadKey === '') throw new Problem('run.erased');
  const old = await deployments.find(row.deployment);
  const place = { workspace: actor.workspace, flow: row.flow, environment: row.environment };
  const id = version === 'same' ? row.deployment : await deployments.findActiveId(place);
  const next = id === null ? null : await deployments.find(id);
  if (old === null || next === null) throw new Problem('deployment.none');
  const { key } = openRunKey(
    {
      payload: await keyring.keysFor(
        { workspace: actor.workspace, environment: row.environment, purpose: 'payload' },
        row.payloadKey,
      ),
    },
    row,
  );
  const { bodies, payloads } = await store.findHistory(run);
  const opened = openPayloads(run, { key, stored: payloads });
  return { row, old, next, bodies, values: opened.values, history: readHistory(bodies, opened) };
}

function planOf({ old, next, history }: Before, { from }: RetryAsked): RetryStep[] {
  return planRetry({ from, before: old.document, after: next.document, history });
}

function assertAgreed(steps: readonly RetryStep[], repeat: readonly string[]): void {
  const open = steps.filter(({ id, plan }) => plan === 'repeats' && !repeat.includes(id));
  if (open.length === 0) return;
  const issues = open.map(({ id, done }) => ({
    path: 'repeat',
    step: id,
    message: `${id} ${done === 'yes' ? 'has done its work' : 'may have done its work'}, and would do it again.`,
  }));
  throw new Problem('run.retry_repeats', { issues });
}
