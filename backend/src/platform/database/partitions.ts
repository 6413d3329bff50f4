import type { SqlRunner } from '../changes.js';

/*
 * What grows with traffic lies in tables of one day: events, runs and payloads by how long they are kept and by their id
 * (which begins with the time of its making), the log by the time of its block. See migration 4 and decision 9.
 */

/** Kept for so many days where an environment says nothing else. */
export const defaultRetentionDays = 90;

/** How far apart the clocks of two processes may be. */
const slackMs = 3_600_000;

/** How long rows of a day are kept, and the day: what names a set of tables. */
export interface RunDays {
  keepDays: number;
  /** YYYY-MM-DD, UTC. */
  day: string;
}

/** The UTC day in which an id was made. */
export function dayOfId(id: string): string {
  return dayOf(timeOfId(id));
}

/** When an id was made, in milliseconds since 1970. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16);
}

let lastDay = { number: 0, text: '1970-01-01' };

/** The UTC day of a time in milliseconds since 1970. Asked for several times a run, and nearly always the same. */
export function dayOf(ms: number): string {
  const number = Math.floor(ms / 86_400_000);
  if (number !== lastDay.number) lastDay = { number, text: new Date(ms).toISOString().slice(0, 10) };
  return lastDay.text;
}

/** When what belongs to a run may have been written first: its id is as old as it is. */
export function sinceRun(id: string): Date {
  return new Date(timeOfId(id) - slackMs);
}

/** The smallest id that what began at a time or later may have. */
export function firstIdOf(prefix: string, at: Date): string {
  return `${prefix}_${Math.max(0, at.getTime() - slackMs)
    .toString(16)
    .padStart(12, '0')}`;
}

/** Makes the tables that are missing for these rows, and for a block of the log written at `at`. */
export async function makeDays(runner: SqlRunner, rows: readonly RunDays[], at: number): Promise<void> {
  await runner.query('select make_run_days(keep, day) from unnest($1::int[], $2::date[]) x (keep, day)', [
    rows.map(({ keepDays }) => keepDays),
    rows.map(({ day }) => day),
  ]);
  await runner.query('select make_log_days($1)', [dayOf(at)]);
}

/** Makes the tables of today and the next three days, for each retention in use. */
export async function makeDaysAhead(runner: SqlRunner): Promise<void> {
  await runner.query(
    `select make_run_days(keep, current_date + ahead), make_log_days(current_date + ahead)
     from generate_series(0, 3) ahead,
       (select distinct coalesce((policy ->> 'retentionDays')::int, $1) from environment union select $1) x (keep)`,
    [defaultRetentionDays],
  );
}
