import type { AuditBlock } from '@sluice/shared/audit';
import type { Tx } from './seal.repository.js';

/** The last check; `bad` and `why`: the first leaf that does not fit. */
export interface SelfCheck {
  at: Date;
  blocks: number;
  entries: number;
  bad: number | null;
  why: string | null;
}

/** A leaf of the tree, and what is stored of its block. */
export interface Sampled {
  index: number;
  lane: string;
  n: number;
  /** What the tree was grown with. */
  hash: string;
  /** null: it is not there. */
  block: AuditBlock | null;
  /** Retention took it. */
  isDropped: boolean;
  /** Of its entries as they are stored, in their order: positions, and hashes in hex. */
  positions: number[];
  leaves: string[];
}

export async function lastSelfCheck(tx: Tx): Promise<SelfCheck | null> {
  const [row] = await tx.query<(Omit<SelfCheck, 'bad'> & { bad: string | null })[]>(
    'select at, blocks, entries, bad, why from audit_self_check',
  );
  return row === undefined ? null : { ...row, bad: row.bad === null ? null : Number(row.bad) };
}

export async function keepSelfCheck(tx: Tx, { at, blocks, entries, bad, why }: SelfCheck): Promise<void> {
  await tx.query(
    `insert into audit_self_check (at, blocks, entries, bad, why) values ($1, $2, $3, $4, $5)
     on conflict (one) do update set at = excluded.at, blocks = excluded.blocks, entries = excluded.entries, bad = excluded.bad, why = excluded.why`,
    [at, blocks, entries, bad, why],
  );
}

/** The leaves from one index to before another; entries are hashed by the database, as they lie. */
export async function sampleOf(tx: Tx, { from, to }: { from: number; to: number }): Promise<Sampled[]> {
  const rows = await tx.query<Row[]>(
    `select l.index, l.lane, l.n, l.hash, b.prev, b.root, b.count, b.hash as own, coalesce(d.n >= l.n, false) as dropped,
       e.positions, e.leaves
     from audit_leaf l
     left join audit_block b on b.lane = l.lane and b.n = l.n and b.at = l.at
     left join audit_drop d on d.lane = l.lane
     left join lateral (
       select array_agg(pos order by pos) as positions, array_agg(leaf order by pos) as leaves
       from audit_leaves(l.lane, l.n, l.n, l.at, l.at)) e on true
     where l.index >= $1 and l.index < $2 order by l.index`,
    [from, to],
  );
  return rows.map(({ index, lane, n, hash, prev, root, count, own, dropped, positions, leaves }) => ({
    index: Number(index),
    lane,
    n: Number(n),
    hash,
    block: own === null ? null : { lane, n: Number(n), prev, root, count, hash: own },
    isDropped: dropped,
    positions: positions ?? [],
    leaves: leaves ?? [],
  }));
}

interface Row {
  index: string;
  lane: string;
  n: string;
  hash: string;
  prev: string;
  root: string;
  count: number;
  own: string | null;
  dropped: boolean;
  positions: number[] | null;
  leaves: string[] | null;
}
