import { startRun } from '@sluice/shared/flow';
import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import type { Clock } from '../platform/clock.js';
import { sinceRun } from '../platform/database/partitions.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { advance } from './advance.js';
import type { ClaimedRun } from './claim.js';
import type { Deployments } from './deployments.js';
import { Draft } from './draft.js';
import { type OpenPayload, readEntries, replay, unbegun } from './replay.js';
import { loadEnvironmentKeys, openJson, openRunKey } from './run-keys.js';
import { newMemory, type RunMemory } from './run-memory.js';
import { payloadKindSchema } from './payload-kind.js';

interface Rooms {
  journal: Journal;
  pool: pg.Pool;
  deployments: Deployments;
  keyring: Keyring;
  clock: Clock;
}

/** Rebuilds a claimed run from its log and payloads: where it stood, and a draft that says who carries it now. */
export async function rebuildRun(
  rooms: Rooms,
  { claimed, owner }: { claimed: ClaimedRun; owner: string },
): Promise<{ run: RunMemory; draft: Draft }> {
  const { pool, deployments, keyring, clock, journal } = rooms;
  const deployment = await deployments.find(claimed.deployment);
  if (deployment === null) throw new Error(`The deployment of run ${claimed.id} is gone.`);
  const keys = await loadEnvironmentKeys(keyring, deployment);
  const payloadKey = openRunKey(keys, claimed);
  const [entries, payloads] = await Promise.all([
    pool.query(`select body from audit_entry where run_id = $1 and stored_at >= $2 and action like 'step.%'`, [
      claimed.id,
      sinceRun(claimed.id),
    ]),
    pool.query('select step_id, attempt, kind, sealed, blob from payload where run_id = $1', [claimed.id]),
  ]);
  const opened = await Promise.all(
    payloads.rows.map(async (row): Promise<OpenPayload> => {
      const { step_id: step, attempt } = row;
      const place = { run: claimed.id, step, attempt, kind: payloadKindSchema.parse(row.kind) };
      return { ...place, value: openJson(payloadKey, await journal.readPayload(row), place) };
    }),
  );
  const trigger = opened.find(({ kind }) => kind === 'event')?.value;
  const scope = {
    trigger,
    flow: deployment.flow,
    run: { id: claimed.id },
    environment: { name: deployment.environment },
  };
  const { state, skipped } = startRun(deployment.plan, scope);
  const { id, epoch, startedAt, keepDays } = claimed;
  const run = newMemory({ id, owner, epoch, deployment, keys, payloadKey, startedAt, keepDays, state, stored: true });
  // What is due is decided by the database's time: it made the job ready.
  const draft = new Draft(run, Math.max(clock.now(), claimed.now));
  draft.entry('run.resumed', { detail: { process: owner, epoch: claimed.epoch } });
  replay(run, draft, { history: { ...readEntries(entries.rows.map((row) => row.body)), payloads: opened }, skipped });
  advance(run, draft, { ready: unbegun(run), skipped: [] });
  return { run, draft };
}
