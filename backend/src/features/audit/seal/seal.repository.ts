import { Injectable } from '@nestjs/common';
import type { NodePlace, TreeNode } from '@sluice/shared/audit';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/** What a question needs of a transaction: TypeORM's manager has it, and `bareRows` gives it to a client of the pool. */
export type Tx = Pick<EntityManager, 'query'>;

/** A block as the tree knows it. */
export interface SealedBlock {
  lane: string;
  n: number;
  hash: string;
  at: Date;
}
export interface UnsealedBlock extends SealedBlock {
  prev: string;
}
export interface StoredCheckpoint {
  size: number;
  /** In hex. */
  root: string;
  note: string;
  at: Date;
}
/** What a witness cosigned, with its signature under the note. */
export interface Witnessed extends StoredCheckpoint {
  name: string;
}
/** A key of the log that took over from the one before. */
export interface KeyRotation {
  /** Of the key in the keyring. The first key of a log is version 1. */
  version: number;
  /** Blocks in the tree of the statement. */
  size: number;
  /** The public keys, as c2sp.org/signed-note writes them. */
  before: string;
  key: string;
  /** The last checkpoint of the key before, which names the next; signed by both. */
  statement: string;
  at: Date;
}
export interface Leaf extends SealedBlock {
  index: number;
}

/** Of a lane, in one round: a lane that wrote more has the rest sealed in the next. */
export const mostBlocks = 2000;

/** Every question asked of the tree over the log. */
@Injectable()
export class SealRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** In a transaction that no other process is in at the same time, to the same end; null where one is. */
  async alone<T>(
    work: (tx: EntityManager) => Promise<T>,
    end: 'seal' | 'witness' | 'check' = 'seal',
  ): Promise<T | null> {
    return await this.dataSource.transaction(async (tx) => {
      const [row] = await tx.query<{ mine: boolean }[]>(
        `select pg_try_advisory_xact_lock(hashtext(current_schema() || $1)) as mine`,
        [`.${end}`],
      );
      return row?.mine === true ? await work(tx) : null;
    });
  }

  /** Waits until nobody seals; nobody does until the end of the transaction. */
  async waitAlone(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext(current_schema() || '.seal'))`);
  }

  /** The newest checkpoint that is no larger than `size`. */
  async latest(tx: Tx, size = Number.MAX_SAFE_INTEGER): Promise<StoredCheckpoint | null> {
    const [row] = await tx.query<(Omit<StoredCheckpoint, 'size'> & { size: string })[]>(
      'select size, root, note, at from audit_checkpoint where size <= $1 order by size desc limit 1',
      [size],
    );
    return row === undefined ? null : { ...row, size: Number(row.size) };
  }

  async witnessed(tx: Tx, name: string): Promise<Witnessed | null> {
    const [row] = await tx.query<(Omit<Witnessed, 'size'> & { size: string })[]>(
      'select name, size, root, note, at from audit_witness where name = $1',
      [name],
    );
    return row === undefined ? null : { ...row, size: Number(row.size) };
  }

  /** The newest, of whichever witness. */
  async lastWitnessed(tx: Tx): Promise<Witnessed | null> {
    const [row] = await tx.query<{ name: string }[]>('select name from audit_witness order by at desc limit 1');
    return row === undefined ? null : await this.witnessed(tx, row.name);
  }

  /** One that is behind what is known already changes nothing. */
  async addWitnessed(tx: Tx, { name, size, root, note, at }: Witnessed): Promise<void> {
    await tx.query(
      `insert into audit_witness (name, size, root, note, at) values ($1, $2, $3, $4, $5)
       on conflict (name) do update set size = excluded.size, root = excluded.root, note = excluded.note, at = excluded.at
       where audit_witness.size <= excluded.size`,
      [name, size, root, note, at],
    );
  }

  /** The oldest first. */
  async rotations(tx: Tx): Promise<KeyRotation[]> {
    const rows = await tx.query<(Omit<KeyRotation, 'size'> & { size: string })[]>(
      'select version, size, before, key, statement, at from audit_key_rotation order by version',
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  async addRotation(tx: Tx, { version, size, before, key, statement, at }: KeyRotation): Promise<void> {
    await tx.query(
      `insert into audit_key_rotation (version, size, before, key, statement, at) values ($1, $2, $3, $4, $5, $6)`,
      [version, size, before, key, statement, at],
    );
  }

  /** Lets go of checkpoints that nobody needs for a proof: after a day all but one a minute, after a month but one an hour. */
  async thin(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ gone: string }[]>('select thin_checkpoints() as gone');
    return Number(row?.gone ?? 0);
  }

  async nodes(tx: Tx, places: readonly NodePlace[]): Promise<Map<string, Uint8Array>> {
    const rows = await tx.query<{ level: number; index: string; hash: Buffer }[]>(
      `select n.level, n.index, n.hash from unnest($1::int[], $2::bigint[]) p (level, index)
       join audit_node n on n.level = p.level and n.index = p.index`,
      [places.map(({ level }) => level), places.map(({ index }) => index)],
    );
    return new Map(rows.map(({ level, index, hash }) => [nodeName({ level, index: Number(index) }), hash]));
  }

  /** The last sealed block of each lane. */
  async heads(tx: Tx): Promise<SealedBlock[]> {
    const rows = await tx.query<(Omit<SealedBlock, 'n'> & { n: string })[]>(
      `with recursive l as (
         select min(lane) as lane from audit_leaf
         union all select (select min(lane) from audit_leaf where lane > l.lane) from l where l.lane is not null)
       select h.lane, h.n, h.hash, h.at from l
       join lateral (select lane, n, hash, at from audit_leaf where lane = l.lane order by n desc limit 1) h on true`,
    );
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  }

  /** The leaf of a lane's last block up to `n` in a tree of that size. */
  async leafOf(tx: Tx, { lane, n, size }: { lane: string; n: number; size: number }): Promise<Leaf | null> {
    const [row] = await tx.query<(Omit<Leaf, 'n' | 'index'> & { n: string; index: string })[]>(
      'select index, lane, n, hash, at from audit_leaf where lane = $1 and n <= $2 and index < $3 order by n desc limit 1',
      [lane, n, size],
    );
    return row === undefined ? null : { ...row, n: Number(row.n), index: Number(row.index) };
  }

  /** Where a block is in the tree; null: it is not sealed yet. */
  async leafAt({ lane, n }: { lane: string; n: number }): Promise<number | null> {
    const [row] = await this.dataSource.query<{ index: string }[]>(
      'select index from audit_leaf where lane = $1 and n = $2',
      [lane, n],
    );
    return row === undefined ? null : Number(row.index);
  }

  /**
   * What follows the heads, lane by lane, and the beginnings of lanes that have none. Lanes are looked for in the days
   * from `since` on; null: in all.
   */
  async unsealed(tx: Tx, heads: readonly SealedBlock[], since: Date | null): Promise<UnsealedBlock[]> {
    const rows = await tx.query<(Omit<UnsealedBlock, 'n'> & { n: string })[]>(
      `with recursive l as (
         select min(lane) as lane from audit_block where at >= $4
         union all select (select min(lane) from audit_block where at >= $4 and lane > l.lane) from l where l.lane is not null),
       h as (select * from unnest($1::text[], $2::bigint[], $3::timestamptz[]) x (lane, n, at))
       select b.lane, b.n, b.prev, b.hash, b.at
       from (select lane from l where lane is not null union select lane from h) lanes
       left join h on h.lane = lanes.lane
       join lateral (
         -- Blocks of a lane never go back in time.
         select * from audit_block b
         where b.lane = lanes.lane and b.n > coalesce(h.n, -1) and b.at >= coalesce(h.at, '-infinity')
         order by b.n limit ${mostBlocks}) b on true
       order by b.lane collate "C", b.n`,
      [
        heads.map(({ lane }) => lane),
        heads.map(({ n }) => n),
        heads.map(({ at }) => at),
        since?.toISOString() ?? '-infinity',
      ],
    );
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  }

  /** The last block of each lane that retention dropped. */
  async dropped(tx: Tx): Promise<SealedBlock[]> {
    const rows = await tx.query<{ lane: string; n: string; hash: string }[]>('select lane, n, hash from audit_drop');
    return rows.map((row) => ({ ...row, n: Number(row.n), at: new Date(0) }));
  }

  async add(
    tx: Tx,
    {
      leaves,
      nodes,
      checkpoint,
    }: { leaves: readonly Leaf[]; nodes: readonly TreeNode[]; checkpoint: StoredCheckpoint },
  ): Promise<void> {
    await tx.query(
      `with leaf as (insert into audit_leaf (index, lane, n, hash, at)
         select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[])),
       node as (insert into audit_node (level, index, hash) select * from unnest($6::int[], $7::bigint[], $8::bytea[]))
       insert into audit_checkpoint (size, root, note, at) values ($9, $10, $11, $12)`,
      [
        leaves.map(({ index }) => index),
        leaves.map(({ lane }) => lane),
        leaves.map(({ n }) => n),
        leaves.map(({ hash }) => hash),
        leaves.map(({ at }) => at),
        nodes.map(({ level }) => level),
        nodes.map(({ index }) => index),
        nodes.map(({ hash }) => Buffer.from(hash)),
        checkpoint.size,
        checkpoint.root,
        checkpoint.note,
        checkpoint.at,
      ],
    );
  }
}

/** The program's own pool, whose role reads keys, asked as TypeORM is asked. */
export function bareRows(client: pg.ClientBase): Tx {
  return {
    async query<T>(sql: string, values?: unknown[]): Promise<T> {
      const { rows } = await client.query(sql, values);
      // `T` is what the statement says; TypeORM takes its word the same way.
      return rows as T;
    },
  };
}

/** How `nodes` names a node. */
export function nodeName({ level, index }: NodePlace): string {
  return `${level}/${index}`;
}
