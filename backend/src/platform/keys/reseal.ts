import type pg from 'pg';
import type { KeySet } from './key-set.js';
import type { SealedColumn } from './sealed-columns.js';

interface ResealPlace {
  workspace: string;
  environment: string;
}

/** Rows a transaction: whoever waits for one of them waits some milliseconds. */
const batchRows = 200;

/** By version, how many rows of the place a column still has under it. */
export async function countByVersion(
  pool: Pick<pg.Pool, 'query'>,
  column: SealedColumn,
  { workspace, environment }: ResealPlace,
): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ version: number; rows: number }>(
    `select v.version, count(*)::int as rows from ${column.table} t
     cross join lateral (select ${column.version} as version) v
     where ${column.scope} and t.${column.column} is not null group by 1`,
    [workspace, environment],
  );
  return new Map(rows.map(({ version, rows: count }) => [version, count]));
}

/**
 * Wraps the data keys of all rows anew that an older version than the newest of `keys` wraps. Rows that somebody is at
 * are left for the next time. `onBatch` hears how many rows were done.
 */
export async function reseal(
  pool: pg.Pool,
  column: SealedColumn,
  { keys, place, onBatch }: { keys: KeySet; place: ResealPlace; onBatch?: (rows: number) => Promise<void> },
): Promise<number> {
  let after: readonly string[] | null = null;
  let total = 0;
  for (;;) {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const batch = await resealBatch(client, column, { keys, place, after });
      await client.query('commit');
      total += batch.rows;
      if (batch.rows > 0) await onBatch?.(batch.rows);
      if (batch.last === null) return total;
      after = batch.last;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}

async function resealBatch(
  client: pg.PoolClient,
  column: SealedColumn,
  { keys, place, after }: { keys: KeySet; place: ResealPlace; after: readonly string[] | null },
): Promise<{ rows: number; last: readonly string[] | null }> {
  const names = column.keys.map(({ name }) => `t.${name}`);
  const bounds = column.keys.map(({ type }, at) => `($5::text[])[${at + 1}]::${type}`);
  const { rows } = await client.query<{ key: string[]; sealed: Buffer | string }>(
    `select array[${names.map((name) => `${name}::text`).join(', ')}] as key, t.${column.column} as sealed
     from ${column.table} t
     where ${column.scope} and t.${column.column} is not null and ${column.version} < $3
       and ($5::text[] is null or (${names.join(', ')}) > (${bounds.join(', ')}))
     order by ${names.join(', ')} limit $4 for update of t skip locked`,
    [place.workspace, place.environment, keys.version, batchRows, after],
  );
  const last = rows.length < batchRows ? null : (rows.at(-1)?.key ?? null);
  if (rows.length === 0) return { rows: 0, last };
  const sealed = rows.map(({ key, sealed: old }) => column.reseal(keys, old, { ...place, key }));
  const lists = column.keys.map(({ type }, at) => `$${at + 2}::${type}[]`);
  const given = column.keys.map((_, at) => `k${at}`);
  await client.query(
    `update ${column.table} t set ${column.column} = n.sealed
     from unnest($1::${column.form}[], ${lists.join(', ')}) n(sealed, ${given.join(', ')})
     where ${column.keys.map(({ name }, at) => `t.${name} = n.k${at}`).join(' and ')}`,
    [sealed, ...column.keys.map((_, at) => rows.map(({ key }) => key[at]))],
  );
  return { rows: rows.length, last };
}
