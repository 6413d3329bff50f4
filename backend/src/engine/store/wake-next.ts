import { rowsOf } from '../../journal/rows.js';
import type { RunQueue } from '../../journal/queue/run-queue.js';
import type { SqlRunner } from '../../platform/changes.js';

/** Runs that go one after another. */
export interface LinePlace {
  flow: string;
  environment: string;
  /** As it is stored. */
  key: string | null;
}

export function lineName({ flow, environment, key }: LinePlace): string {
  return `${flow} ${environment} ${key ?? ''}`;
}

/** Until the transaction ends nobody else begins or cancels a run of the line: each would take the other's for the one that calls the next. */
export async function lockLine(runner: SqlRunner, line: string): Promise<void> {
  await runner.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '.line ' || $1, 0))`, [line]);
}

/** So long after it was too early the first of a line is looked at again, should nobody have told that it is its turn. */
const lookAgainMs = 15_000;

/**
 * Gives the first that waits in a line to the queue: at once, or for later while one of it is under way. Only the first
 * has a job, so that a long line costs no more than a short one. `among`: unless it is none of these.
 */
export async function wakeNext(
  { runner, queue }: { runner: SqlRunner; queue: RunQueue },
  { flow, environment, key }: LinePlace,
  among: ReadonlySet<string> | null = null,
): Promise<void> {
  const [next] = rowsOf(
    await runner.query(
      `with line as (select id, workspace_id, in_line from run
         where flow_id = $1 and environment = $2 and key is not distinct from $3 and in_line is not null and ended_at is null)
       select id, workspace_id, exists (select from line where in_line = 0) as busy,
         extract(epoch from clock_timestamp())::float8 * 1000 as now
       from line where in_line > 0 order by in_line, id limit 1`,
      [flow, environment, key],
    ),
  );
  const id = String(next?.['id']);
  if (next === undefined || among?.has(id) === false) return;
  const after = next['busy'] === true ? Number(next['now']) + lookAgainMs : null;
  await queue.enqueue(runner, [{ run: id, workspace: String(next['workspace_id']), after }]);
}
