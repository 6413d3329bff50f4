import { startRun } from '@sluice/shared/flow';
import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import type { Clock } from '../platform/clock.js';
import { sinceRun } from '../platform/database/partitions.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { advance, pump } from './advance.js';
import type { AskStore } from './ask-store.js';
import { scopeOf } from './begin.js';
import type { ClaimedRun } from './claim.js';
import type { Deployments } from './deployments.js';
import { Draft } from './draft.js';
import { type OpenPayload, readHistory } from './history.js';
import { flowLevel } from './level.js';
import { payloadKindSchema } from './payload-kind.js';
import { replay } from './replay.js';
import { loadEnvironmentKeys, openJson, openRunKey } from './run-keys.js';
import { newMemory, type RunMemory } from './run-memory.js';
import { takeAnswers } from './settle-ask.js';

interface Rooms {
  journal: Journal;
  pool: pg.Pool;
  deployments: Deployments;
  keyring: Keyring;
  clock: Clock;
  publicUrl: string;
  asks: AskStore;
}

/** Rebuilds a claimed run from its log and payloads: where it stood, and a draft that says who carries it now. */
export async function rebuildRun(
  rooms: Rooms,
  { claimed, owner }: { claimed: ClaimedRun; owner: string },
): Promise<{ run: RunMemory; draft: Draft }> {
  const { pool, deployments, keyring, clock, publicUrl, asks, journal } = rooms;
  const { id, epoch, startedBy, parent, depth, origin, startedAt, keepDays } = claimed;
  const deployment = await deployments.find(claimed.deployment);
  if (deployment === null) throw new Error(`The deployment of run ${id} is gone.`);
  const keys = await loadEnvironmentKeys(keyring, deployment);
  const payloadKey = openRunKey(keys, claimed);
  const [entries, payloads] = await Promise.all([
    pool.query(`select body from audit_entry where run_id = $1 and stored_at >= $2 and action like 'step.%'`, [
      id,
      sinceRun(id),
    ]),
    pool.query('select step_id, attempt, kind, sealed, blob from payload where run_id = $1', [id]),
  ]);
  const opened = await Promise.all(
    payloads.rows.map(async (row): Promise<OpenPayload> => {
      const { step_id: step, attempt } = row;
      const place = { run: id, step, attempt, kind: payloadKindSchema.parse(row.kind) };
      return { ...place, value: openJson(payloadKey, await journal.readPayload(row), place) };
    }),
  );
  const trigger = opened.find(({ kind }) => kind === 'event')?.value;
  const { state, skipped } = startRun(deployment.plan, scopeOf({ deployment, trigger, keys, publicUrl, id }));
  const who = { id, startedBy, parent, depth, origin, startedAt, keepDays, owner, epoch };
  const root = flowLevel(deployment.plan, state);
  const run = newMemory({ ...who, deployment, keys, payloadKey, publicUrl, root, stored: true });
  // What is due is decided by the database's time: it made the job ready.
  const draft = new Draft(run, Math.max(clock.now(), claimed.now));
  draft.entry('run.resumed', { detail: { process: owner, epoch } });
  const history = readHistory(
    entries.rows.map((row) => row.body),
    opened,
  );
  const { work, loops } = replay(run, draft, { history, skipped });
  for (const loop of loops) if (run.tasks.get(loop.key) === loop) pump(run, draft, loop);
  advance(run, draft, work);
  takeAnswers(run, draft, await asks.find(run));
  return { run, draft };
}
