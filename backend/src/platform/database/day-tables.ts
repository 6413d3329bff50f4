import type pg from 'pg';

/** One day's table, or that of 30 days. */
export interface DayTable {
  name: string;
  /** What it is part of: `run`, `audit_entry` ... */
  of: string;
  /** Null for the log's. */
  keepDays: number | null;
  /** The time that it is for, in milliseconds since 1970; `endsAt` is not in it. */
  beginsAt: number;
  endsAt: number;
  /** Taken out of its parent already, or on its way: what was left by a drop that was cut off. */
  isLeaving: boolean;
}

const dayMs = 86_400_000;

/** Every table of a day, oldest first. `client` is the owner's, in the cell's schema. */
export async function listDayTables(client: pg.Client): Promise<DayTable[]> {
  const { rows } = await client.query(`
select c.relname as name, days.part[1] as of, days.part[2]::int as keep,
  days_a_table(coalesce(days.part[2]::int, 1)) as length, to_date(days.part[3], 'YYYYMMDD')::text as day,
  coalesce(i.inhdetachpending, true) as leaving
from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema() || '_days'
left join pg_inherits i on i.inhrelid = c.oid,
  lateral (select regexp_match(c.relname, '^([a-z_]+?)(?:_k(\\d+))?_(\\d{8})$')) days (part)
where c.relkind = 'r' and days.part is not null order by day, name`);
  return rows.map((row) => ({
    name: row.name,
    of: row.of,
    keepDays: row.keep,
    beginsAt: Date.parse(row.day),
    endsAt: Date.parse(row.day) + row.length * dayMs,
    isLeaving: row.leaving,
  }));
}

/**
 * Drops a day's table without stopping anybody: it leaves its parent while readers and writers go on, and only then, when
 * nobody knows it any more, it is dropped. Rejects when somebody reads it for longer than the client's lock_timeout; the
 * next try goes on from there.
 */
export async function dropDayTable(client: pg.Client, table: DayTable): Promise<void> {
  const { rows } = await client.query(
    `select i.inhparent::regclass::text as parent, i.inhdetachpending as pending, c.oid::regclass::text as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema() || '_days'
     left join pg_inherits i on i.inhrelid = c.oid where c.relname = $1`,
    [table.name],
  );
  const [found] = rows;
  if (found === undefined) return;
  if (found.parent !== null)
    await client.query(
      `alter table ${found.parent} detach partition ${found.name} ${found.pending ? 'finalize' : 'concurrently'}`,
    );
  await client.query(`drop table ${found.name}`);
}
