import { listSchedules, rowsOf, type Schedule, withMarks } from './deployed-schedules.js';
import { type MissedRooms, tellMissed } from './missed-slots.js';

/** What processes know together of schedules; times in milliseconds since 1970. */
export abstract class ScheduleStore {
  /** All that are deployed. */
  abstract list(): Promise<Schedule[]>;
  /** The same schedule as far as it has come by now, and the database's time. */
  abstract look(schedule: Schedule): Promise<{ schedule: Schedule; now: number }>;
  /** Settles every slot up to this one; `run` is null where it started none. */
  abstract mark(schedule: Schedule, settled: { slot: number; run: string | null }): Promise<void>;
  /** Once, whoever of several processes sees it first. */
  abstract tellMissed(schedule: Schedule, slots: readonly number[]): Promise<void>;
}

const mark = `
insert into schedule_mark (id, workspace_id, flow_id, environment, decided_to, last_slot, last_run)
values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0), $7)
on conflict (id) do update set decided_to = excluded.decided_to,
  last_slot = coalesce(excluded.last_slot, schedule_mark.last_slot), last_run = coalesce(excluded.last_run, schedule_mark.last_run)
where coalesce(schedule_mark.decided_to, '-infinity') < excluded.decided_to`;

export class PgScheduleStore extends ScheduleStore {
  constructor(private readonly rooms: MissedRooms) {
    super();
  }

  override async list(): Promise<Schedule[]> {
    return await listSchedules(rowsOf(this.rooms.pool), null);
  }

  override async look(known: Schedule): Promise<{ schedule: Schedule; now: number }> {
    const { pool } = this.rooms;
    const [schedule = known] = await withMarks(rowsOf(pool), [known]);
    const { rows } = await pool.query('select extract(epoch from clock_timestamp())::float8 * 1000 as now');
    return { schedule, now: Number(rows[0]?.now) };
  }

  override async mark(
    { id, workspace, flow, environment }: Schedule,
    { slot, run }: { slot: number; run: string | null },
  ): Promise<void> {
    await this.rooms.pool.query(mark, [id, workspace, flow, environment, slot, run === null ? null : slot, run]);
  }

  override async tellMissed(schedule: Schedule, slots: readonly number[]): Promise<void> {
    await tellMissed(this.rooms, schedule, slots);
  }
}
