import { dropAction, type LaneDrop } from '@sluice/shared/audit';
import type pg from 'pg';
import type { Journal } from '../../journal/journal.js';
import { type DayTable, dropDayTable } from '../../platform/database/day-tables.js';
import { dayOf } from '../../platform/database/partitions.js';
import { recordEverywhere } from './record-everywhere.js';

const dayMs = 86_400_000;

/** Tables of the log that are older than `keepDays`, and older than `openSince`: a run that is open is rebuilt from its entries. */
export function expiredLogTables(
  tables: readonly DayTable[],
  { now, keepDays, openSince }: { now: number; keepDays: number; openSince: number | null },
): DayTable[] {
  const before = Math.min(now - keepDays * dayMs, openSince ?? now);
  return tables.filter((table) => table.keepDays === null && table.endsAt <= before);
}

/** Drops the oldest days of the log, as one cut through all lanes that leaves a whole chain behind. */
export async function dropLog(
  client: pg.Client,
  { journal, expired }: { journal: Journal; expired: readonly DayTable[] },
): Promise<void> {
  const cut = await findCut(client, expired);
  if (cut === null) return;
  await recordDrop(client, { journal, cut });
  const tables = expired.filter(({ endsAt }) => endsAt <= cut);
  // Blocks first: entries without a block are never asked for, a block without its entries would look tampered with.
  for (const of of ['audit_block', 'audit_entry'])
    for (const table of tables.filter((one) => one.of === of)) await dropDayTable(client, table);
}

/**
 * The end of the last day up to which each lane's blocks come before all that stay. Where a clock was set back a later
 * block may lie in an earlier day; both are dropped together then, once both may be.
 */
async function findCut(client: pg.Client, expired: readonly DayTable[]): Promise<number | null> {
  const ends = [...new Set(expired.map(({ endsAt }) => endsAt))].sort((a, b) => b - a);
  for (const end of ends) {
    const { rows } = await client.query(
      `select from (select lane, max(n) as n from audit_block where at < $1 group by lane) gone
       join lateral (select n from audit_block where lane = gone.lane and at >= $1 order by n limit 1) kept on kept.n < gone.n`,
      [new Date(end)],
    );
    if (rows.length === 0) return end;
  }
  return null;
}

/** Says in every workspace's log what is dropped, where each lane's chain went on from, and where it goes on. */
async function recordDrop(client: pg.Client, { journal, cut }: { journal: Journal; cut: number }): Promise<void> {
  await client.query('begin');
  try {
    const { rowCount } = await client.query(
      `insert into audit_drop (lane, first, n, prev, hash)
       select ends.lane, ends.first, ends.last, f.prev, l.hash
       from (select lane, min(n) as first, max(n) as last from audit_block where at < $1 group by lane) ends
       join audit_block f on f.lane = ends.lane and f.n = ends.first and f.at < $1
       join audit_block l on l.lane = ends.lane and l.n = ends.last and l.at < $1
       on conflict (lane) do update set first = excluded.first, n = excluded.n, prev = excluded.prev, hash = excluded.hash`,
      [new Date(cut)],
    );
    if (rowCount !== 0) {
      await client.query('delete from stored_bytes where keep_days = 0 and day < $1', [dayOf(cut)]);
      const { rows: drops } = await client.query('select lane, first::float8, n::float8, prev, hash from audit_drop');
      const lanes = Object.fromEntries(drops.map(({ lane, ...drop }: { lane: string } & LaneDrop) => [lane, drop]));
      await recordEverywhere(client, journal, { action: dropAction, detail: { before: dayOf(cut), lanes } });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
