import type pg from 'pg';
import type { RunJob, RunQueue } from '../../journal/queue/run-queue.js';
import type { ClaimedRun } from './run-store.js';
import { type LinePlace, lineName, lockLine, wakeNext } from './wake-next.js';

const returned = `id, workspace_id, deployment_id, epoch, payload_key, started_by, parent_run, parent_step, parent_waits, depth, origin, keep_days, key, in_line,
  extract(epoch from started_at)::float8 * 1000 as started_at, extract(epoch from clock_timestamp())::float8 * 1000 as now`;

/** Takes the runs of fetched jobs, and settles the jobs in the same commit. Runs that ended or are carried are left out. */
export async function claimRuns(
  client: pg.PoolClient,
  { queue, jobs, owner }: { queue: RunQueue; jobs: readonly RunJob[]; owner: string },
): Promise<ClaimedRun[]> {
  // A process that was taken for dead claims nothing, and must not settle the jobs of what it doesn't claim.
  const living = await client.query('select from process where id = $1 for share', [owner]);
  if (living.rowCount === 0) return [];
  const runs = jobs.map(({ run }) => run);
  const { rows } = await client.query(
    `update run set owner = $2, status = 'running', due_at = null
     where id = any($1) and owner is null and ended_at is null and (in_line is null or in_line = 0)
     returning ${returned}`,
    [runs, owner],
  );
  if (rows.length < runs.length) rows.push(...(await claimFromLines(client, { queue, runs, owner })));
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
    line: row.in_line === null ? null : { key: row.key },
    now: row.now,
  }));
}

/** The first of each line, where nobody of it is under way. Whoever is first after that gets another job. */
async function claimFromLines(
  client: pg.PoolClient,
  { queue, runs, owner }: { queue: RunQueue; runs: readonly string[]; owner: string },
): Promise<Record<string, unknown>[]> {
  // The rows before the lines, as whoever cancels one does.
  const waiting = await client.query<LinePlace & { id: string }>(
    `select id, flow_id as flow, environment, key from run
     where id = any($1) and owner is null and ended_at is null and in_line > 0 order by id for update`,
    [runs],
  );
  if (waiting.rows.length === 0) return [];
  const lines = Map.groupBy(waiting.rows, lineName);
  // Two processes that each see nobody under way would both begin one; in the order of the lines, so that none waits for another.
  for (const line of [...lines.keys()].sort()) await lockLine(client, line);
  const { rows } = await client.query(
    `update run r set owner = $2, status = 'running', due_at = null, in_line = 0
     where id = any($1) and owner is null and ended_at is null and in_line > 0 and not exists (
       select from run e where e.flow_id = r.flow_id and e.environment = r.environment and e.key is not distinct from r.key
         and e.ended_at is null and (e.in_line = 0 or (e.in_line, e.id) < (r.in_line, r.id)))
     returning ${returned}`,
    [waiting.rows.map(({ id }) => id), owner],
  );
  const begun = new Set(rows.map(({ id }) => id));
  for (const asked of lines.values()) {
    const [place] = asked;
    // Those further back are called by whoever goes before them.
    const hasBegun = asked.some(({ id }) => begun.has(id));
    if (place !== undefined)
      await wakeNext({ runner: client, queue }, place, hasBegun ? null : new Set(asked.map(({ id }) => id)));
  }
  return rows;
}
