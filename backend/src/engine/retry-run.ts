import type { RetryStep } from '@sluice/shared/api';
import type pg from 'pg';
import { z } from 'zod';
import type { Journal } from '../journal/journal.js';
import type { Actor } from '../platform/actor.js';
import type { Clock } from '../platform/clock.js';
import { sinceRun } from '../platform/database/partitions.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import { beginRun, newRunId, recordForQueue } from './begin.js';
import type { Deployment, Deployments } from './deployments.js';
import { type History, type OpenPayload, readHistory } from './history.js';
import { payloadKindSchema } from './payload-kind.js';
import { planRetry } from './retry-plan.js';
import { loadEnvironmentKeys, openJson, openRunKey } from './run-keys.js';
import { takeOver } from './take-over.js';

/* A retry is a run of its own that begins with what it takes over from the run before, and repeats its idempotency keys. */

export interface RetryRooms {
  pool: pg.Pool;
  journal: Journal;
  keyring: Keyring;
  deployments: Deployments;
  clock: Clock;
  publicUrl: string;
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
  row: z.output<typeof rowSchema>;
  old: Deployment;
  next: Deployment;
  bodies: readonly string[];
  payloads: readonly OpenPayload[];
  history: History;
}

const rowSchema = z.object({
  id: z.string(),
  deployment_id: z.string(),
  flow_id: z.string(),
  environment: z.string(),
  event_id: z.string().nullable(),
  origin: z.string().nullable(),
  payload_key: z.string(),
  ended_at: z.date().nullable(),
});

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
  const { row, next, payloads } = before;
  const keys = await loadEnvironmentKeys(rooms.keyring, next);
  const { member, name } = asked.actor;
  const begun = beginRun(
    {
      deployment: next,
      startedBy: 'retry',
      actor: { kind: 'member', id: member, name },
      eventId: row.event_id,
      event: null,
      trigger: payloads.find(({ kind }) => kind === 'event')?.value ?? null,
      runId: newRunId(),
      again: { retryOf: row.id, origin: row.origin ?? row.id },
    },
    { keys, owner: '', publicUrl: rooms.publicUrl, at: rooms.clock.now() },
  );
  const record = recordForQueue(begun, null);
  if (asked.from === 'start') return record;
  takeOver(begun.draft, before);
  begun.draft.finish();
  const { entries, payloads: kept } = begun.draft;
  if (entries.length > mostTakenOver)
    throw new Problem('request.too_large', {
      message: 'This run has too many steps to take over; retry it from the start.',
    });
  return { ...record, entries, payloads: kept };
}

async function readBefore(rooms: RetryRooms, { actor, run, version }: RetryAsked): Promise<Before> {
  const { pool, keyring, deployments, journal } = rooms;
  const found = await pool.query(
    `select id, deployment_id, flow_id, environment, event_id, origin, payload_key, ended_at
     from run where id = $1 and workspace_id = $2`,
    [run, actor.workspace],
  );
  if (found.rows[0] === undefined) throw new Problem('run.unknown');
  const row = rowSchema.parse(found.rows[0]);
  if (row.ended_at === null) throw new Problem('run.still_running');
  const old = await deployments.find(row.deployment_id);
  const place = { workspace: actor.workspace, flow: row.flow_id, environment: row.environment };
  const id = version === 'same' ? row.deployment_id : await deployments.findActiveId(place);
  const next = id === null ? null : await deployments.find(id);
  if (old === null || next === null) throw new Problem('deployment.none');
  const key = openRunKey(
    { payload: await keyring.key(actor.workspace, row.environment, 'payload') },
    {
      id: run,
      payloadKey: row.payload_key,
    },
  );
  const [entries, payloads] = await Promise.all([
    pool.query(`select body from audit_entry where run_id = $1 and stored_at >= $2 and action like 'step.%'`, [
      run,
      sinceRun(run),
    ]),
    pool.query('select step_id, attempt, kind, sealed, blob from payload where run_id = $1', [run]),
  ]);
  const opened = await Promise.all(
    payloads.rows.map(async (stored): Promise<OpenPayload> => {
      const of = { run, step: stored.step_id, attempt: stored.attempt, kind: payloadKindSchema.parse(stored.kind) };
      return { ...of, value: openJson(key, await journal.readPayload(stored), of) };
    }),
  );
  const bodies: string[] = entries.rows.map((entry) => entry.body);
  return { row, old, next, bodies, payloads: opened, history: readHistory(bodies, opened) };
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
