import type pg from 'pg';
import type { RunJob, RunQueue } from '../../journal/queue/run-queue.js';
import type { ClaimedRun } from './run-store.js';

/** Takes the runs of fetched jobs, and settles the jobs in the same commit. Runs that ended or are carried are left out. */
export async function claimRuns(
  client: pg.PoolClient,
  { queue, jobs, owner }: { queue: RunQueue; jobs: readonly RunJob[]; owner: string },
): Promise<ClaimedRun[]> {
  // A process that was taken for dead claims nothing, and must not settle the jobs of what it doesn't claim.
  const living = await client.query('select from process where id = $1 for share', [owner]);
  if (living.rowCount === 0) return [];
  const { rows } = await client.query(
    `update run set owner = $2, status = 'running', due_at = null
     where id = any($1) and owner is null and ended_at is null
     returning id, workspace_id, deployment_id, epoch, payload_key, started_by, parent_run, parent_step, parent_waits, depth, origin, keep_days,
       extract(epoch from started_at)::float8 * 1000 as started_at, extract(epoch from clock_timestamp())::float8 * 1000 as now`,
    [jobs.map(({ run }) => run), owner],
  );
  await queue.settle(client, jobs);
  return rows.map((row) => ({
    id: row.id,
    workspace: row.workspace_id,
    deployment: row.deployment_id,
    epoch: row.epoch,
    startedBy: row.started_by,
    parent: row.parent_run === null ? null : { run: row.parent_run, step: row.parent_step, waits: row.parent_waits },
    depth: row.depth,
    origin: row.origin ?? row.id,
    payloadKey: row.payload_key,
    startedAt: row.started_at,
    keepDays: row.keep_days,
    now: row.now,
  }));
}
