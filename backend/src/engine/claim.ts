import type pg from 'pg';
import type { Parent, StartedBy } from './run-memory.js';
import type { RunJob, RunQueue } from '../journal/queue/run-queue.js';

/** A run as its row says. */
export interface ClaimedRun {
  id: string;
  workspace: string;
  deployment: string;
  epoch: number;
  startedBy: StartedBy;
  parent: Parent | null;
  depth: number;
  origin: string;
  payloadKey: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** By the database, whose time decides what is due. */
  now: number;
}

/** Takes the runs of fetched jobs, and settles the jobs in the same commit. Runs that ended or are carried are left out. */
export async function claimRuns(
  pool: pg.Pool,
  { queue, jobs, owner }: { queue: RunQueue; jobs: readonly RunJob[]; owner: string },
): Promise<ClaimedRun[]> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(
      `update run set owner = $2, status = 'running', due_at = null
       where id = any($1) and owner is null and ended_at is null and exists (select from process where id = $2)
       returning id, workspace_id, deployment_id, epoch, payload_key, started_by, parent_run, parent_step, parent_waits, depth, origin,
         extract(epoch from started_at)::float8 * 1000 as started_at, extract(epoch from clock_timestamp())::float8 * 1000 as now`,
      [jobs.map(({ run }) => run), owner],
    );
    await queue.settle(client, jobs);
    await client.query('commit');
    client.release();
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
      now: row.now,
    }));
  } catch (error) {
    client.release(true);
    throw error;
  }
}
