import type pg from 'pg';
import type { Journal } from '../../journal/journal.js';
import { BlobMissing, type BlobStore, removeBlobDays } from '../../platform/blobs/blob-store.js';
import { placeOfFile } from '../../platform/blobs/file-place.js';
import { type DayTable, dropDayTable } from '../../platform/database/day-tables.js';
import { dayOf } from '../../platform/database/partitions.js';
import { recordEverywhere } from './record-everywhere.js';

const dayMs = 86_400_000;

/** Tables of events, runs and payloads whose time is over: a day is kept in full for as long as its environment said. */
export function expiredRunTables(tables: readonly DayTable[], now: number): DayTable[] {
  return tables.filter(({ keepDays, endsAt }) => keepDays !== null && endsAt + keepDays * dayMs <= now);
}

/** Drops what has expired, a day at a time. */
export async function dropRuns(
  client: pg.Client,
  { journal, blobs, expired }: { journal: Journal; blobs: BlobStore | null; expired: readonly DayTable[] },
): Promise<void> {
  if (blobs !== null) await dropHeldFiles(client, blobs);
  const days = Map.groupBy(expired, ({ keepDays, beginsAt }) => `${keepDays} ${beginsAt}`);
  for (const tables of days.values()) {
    if (tables.some(({ isLeaving }) => !isLeaving)) await prepareDrop(client, { journal, blobs, tables });
    for (const table of tables) await dropDayTable(client, table);
    const [{ keepDays, beginsAt, endsAt } = { keepDays: null, beginsAt: 0, endsAt: 0 }] = tables;
    if (keepDays === null || blobs === null) continue;
    await removeBlobDays(blobs, { keepDays, from: dayOf(beginsAt), to: dayOf(endsAt) });
  }
}

/** Takes out what is still needed, and has the log know of the drop before it happens. */
async function prepareDrop(
  client: pg.Client,
  { journal, blobs, tables }: { journal: Journal; blobs: BlobStore | null; tables: readonly DayTable[] },
): Promise<void> {
  const [table] = tables;
  if (table?.keepDays == null) return;
  const { keepDays, beginsAt, endsAt } = table;
  const [from, to] = [dayOf(beginsAt), dayOf(endsAt)];
  await client.query('begin');
  try {
    await client.query('delete from stored_bytes where keep_days = $1 and day >= $2 and day < $3', [
      keepDays,
      from,
      to,
    ]);
    const open = await holdOpenRuns(client, { journal, blobs, keepDays, from, to });
    await recordEverywhere(client, journal, { action: 'runs.dropped', detail: { keepDays, from, to, open } });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Runs that are still open move to the table of class 0, and what they wrote since then follows. */
async function holdOpenRuns(
  client: pg.Client,
  {
    journal,
    blobs,
    keepDays,
    from,
    to,
  }: { journal: Journal; blobs: BlobStore | null; keepDays: number; from: string; to: string },
): Promise<number> {
  const { rowCount } = await client.query(
    `update run set keep_days = 0
     where keep_days = $1 and id >= day_id('run', $2) and id < day_id('run', $3) and ended_at is null`,
    [keepDays, from, to],
  );
  const { rows: held } = await client.query(
    `update payload set keep_days = 0
     where keep_days = $1 and run_id >= day_id('run', $2) and run_id < day_id('run', $3)
       and run_id in (select id from run where keep_days = 0)
     returning kind, step_id`,
    [keepDays, from, to],
  );
  for (const { kind, step_id: file } of held)
    if (kind === 'file' && blobs !== null) await holdFile(blobs, { file, keepDays });
  // Their day's blobs go too: what is needed of them goes back into its row.
  const { rows } = await client.query(
    'select run_id, step_id, attempt, kind, sealed, blob from payload where keep_days = 0 and blob like $1',
    [`k${keepDays}/%`],
  );
  for (const row of rows)
    await client.query(
      `update payload set sealed = $1, blob = null
       where keep_days = 0 and run_id = $2 and step_id = $3 and attempt = $4 and kind = $5`,
      [await journal.readPayload(row), row.run_id, row.step_id, row.attempt, row.kind],
    );
  return rowCount ?? 0;
}

/** Its content goes to where files of runs lie that outlive their day. One whose content is gone keeps nobody. */
async function holdFile(blobs: BlobStore, { file, keepDays }: { file: string; keepDays: number }): Promise<void> {
  const content = await blobs.open(placeOfFile(file, keepDays).blob).catch((error: unknown) => {
    if (error instanceof BlobMissing) return null;
    throw error;
  });
  if (content !== null) await blobs.put(placeOfFile(file, 0).blob, content);
}

/** Files and large values of held runs that have gone since. While one of the day is there it may write more. */
async function dropHeldFiles(client: pg.Client, blobs: BlobStore): Promise<void> {
  for (const day of await blobs.folders('k0/')) {
    const { rows } = await client.query(
      `select from run where keep_days = 0 and id >= day_id('run', $1) and id < day_id('run', $1::date + 1) limit 1`,
      [day],
    );
    if (rows.length === 0) await blobs.remove(`k0/${day}/`);
  }
}
