import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import { insertCauses } from '../journal/notice-cause.js';
import { inTransaction } from '../platform/database/in-transaction.js';
import type { Schedule } from './deployed-schedules.js';

export interface MissedRooms {
  pool: pg.Pool;
  journal: Pick<Journal, 'record'>;
}

const tell = `
insert into schedule_mark (id, workspace_id, flow_id, environment, told_to) values ($1, $2, $3, $4, to_timestamp($5 / 1000.0))
on conflict (id) do update set told_to = excluded.told_to where coalesce(schedule_mark.told_to, '-infinity') < excluded.told_to
returning id`;

/** Tells the owner of a flow, and the log, of slots that started no run: once, whoever of several processes sees it first. */
export async function tellMissed(
  { pool, journal }: MissedRooms,
  schedule: Schedule,
  slots: readonly number[],
): Promise<void> {
  const { id, workspace, flow, environment, toldTo } = schedule;
  const untold = slots.filter((slot) => slot > toldTo);
  const last = untold.at(-1);
  if (last === undefined) return;
  const slot = new Date(last).toISOString();
  await inTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(tell, [id, workspace, flow, environment, last]);
    if (rowCount !== 1) return;
    const detail = { slots: untold.length, last: slot };
    await insertCauses(tx, [
      {
        workspace,
        kind: 'schedule.missed',
        about: { kind: 'flow', id: flow, flow, environment },
        audience: { flow },
        detail,
      },
    ]);
    await journal.record(tx, [
      {
        workspace,
        actor: { kind: 'system', id: 'schedule' },
        action: 'schedule.missed',
        subject: { kind: 'flow', id: flow },
        environment,
        detail,
      },
    ]);
  });
}
