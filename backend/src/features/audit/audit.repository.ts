import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { AuditBlock } from '@sluice/shared/audit';
import { DataSource, type EntityManager, Repository, type SelectQueryBuilder } from 'typeorm';
import { timeOfId } from '../../platform/database/partitions.js';
import { type Found, lookBack, type Place } from '../../platform/database/look-back.js';
import { escapeLike } from '../../platform/database/escape-like.js';
import { AuditEntryEntity } from './audit-entry.entity.js';

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  run?: string | undefined;
  environment?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

/** Whose log is read; `environments` null: all of it. */
export interface AuditScope {
  workspace: string;
  environments: readonly string[] | null;
}

export interface LaneRange {
  lane: string;
  first: number;
  n: number;
  hash: string;
}

type StoredBlock = Omit<AuditBlock, 'n'> & { n: string; at: Date };

/** Blocks read at a time: with 1,000 entries a block at most, memory stays bounded. */
const blocksAtATime = 50;
/** What runs write of themselves, by far the most: no search index holds it (migration 27). */
const oftenWritten =
  'run.started run.parked run.resumed run.finished step.intent step.outcome step.succeeded step.skipped step.started'.split(
    ' ',
  );
/** Where an entry is looked for: milliseconds before and after its id was made, the likely first; null: until now. */
const nearFirst = [
  [1000, 10_000],
  [3_600_000, null],
] as const;
/** True of every entry that such a filter finds; said in the words of the index, so that the planner may take it. */
const quietActor = `left(entry.actor, 4) <> 'run_'`;
const quietAction = `entry.action not in (${oftenWritten.map((action) => `'${action}'`).join(', ')})`;

/** Blocks in order, with the times between which they were written. */
export interface BlockRun {
  blocks: AuditBlock[];
  from: Date;
  to: Date;
}

/** An entry where it lies; `at` is when its block was written. */
export interface PlacedEntry {
  workspace: string;
  lane: string;
  n: number;
  pos: number;
  at: Date;
  body: string;
}

/** `body` is null for an entry of another workspace. */
export type ProofEntry = { block: string; pos: number; leaf: string; body: string | null };

/** Every question asked of the log. */
@Injectable()
export class AuditRepository {
  constructor(
    @InjectRepository(AuditEntryEntity) private readonly entries: Repository<AuditEntryEntity>,
    private readonly dataSource: DataSource,
  ) {}

  /** Newest first, by when they were written. */
  async list(
    scope: AuditScope,
    filter: AuditFilter,
    page: { after: Place | null; limit: number; now: number },
  ): Promise<Found<AuditEntryEntity>> {
    const { q } = filter;
    const text = q === undefined ? null : `%${escapeLike(q)}%`;
    return await lookBack(
      {
        indexed: () => this.indexed(scope, filter),
        narrow: text === null ? null : (query) => void query.andWhere('entry.body ilike :text', { text }),
        order: { at: 'entry.storedAt', id: 'entry.id' },
        placeOf: ({ storedAt, id }) => ({ at: storedAt, id }),
      },
      page,
    );
  }

  private indexed({ workspace, environments }: AuditScope, filter: AuditFilter): SelectQueryBuilder<AuditEntryEntity> {
    const query = this.entries.createQueryBuilder('entry').where('entry.workspaceId = :workspace', { workspace });
    if (environments !== null)
      query.andWhere('entry.environment = any(:environments)', { environments: [...environments] });
    if (filter.actor !== undefined) {
      query.andWhere('entry.actor = :actor', filter);
      if (!filter.actor.startsWith('run_')) query.andWhere(quietActor);
    }
    if (filter.action !== undefined) {
      const { action } = filter;
      query.andWhere('entry.action like :action', { action: `${escapeLike(action)}%` });
      if (!oftenWritten.some((often) => often.startsWith(action))) query.andWhere(quietAction);
    }
    if (filter.subject !== undefined) query.andWhere('entry.subject = :subject', filter);
    if (filter.run !== undefined) query.andWhere('entry.runId = :run', filter);
    if (filter.environment !== undefined) query.andWhere('entry.environment = :environment', filter);
    // Nothing is written before it happened.
    if (filter.from !== undefined) query.andWhere('entry.at >= :from and entry.storedAt >= :from', filter);
    if (filter.to !== undefined) query.andWhere('entry.at < :to', filter);
    return query;
  }

  /** The flows of runs, endpoints and flows that entries are about, by the id that stands in the entry. */
  async flowsOf(
    workspace: string,
    entries: readonly AuditEntryEntity[],
  ): Promise<Map<string, { id: string; name: string }>> {
    const ids = new Set(entries.flatMap(({ runId, subject }) => [runId ?? [], subject ?? []].flat()));
    if (ids.size === 0) return new Map();
    const rows = await this.entries.query<{ of: string; id: string; name: string }[]>(
      `select k.id as of, f.id, f.name from (
         select id, flow_id from run where id = any($2) union all
         select id, flow_id from endpoint where id = any($2) union all
         select id, id from flow where id = any($2)) k
       join flow f on f.id = k.flow_id where f.workspace_id = $1`,
      [workspace, [...ids]],
    );
    return new Map(rows.map(({ of, id, name }) => [of, { id, name }]));
  }

  async count(workspace: string): Promise<number> {
    return await this.entries.countBy({ workspaceId: workspace });
  }

  /** One unchanging view of the log for as long as `read` takes, however long the log is. */
  async inSnapshot<T>(read: (tx: EntityManager) => Promise<T>): Promise<T> {
    return await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('set transaction read only');
      return await read(tx);
    });
  }

  /** Lanes from their first to their last block, in the order of an export (by code unit). */
  async lanes(tx: EntityManager): Promise<LaneRange[]> {
    const rows: { lane: string; first: string; n: string; hash: string }[] = await tx.query(`
select b.lane, x.first, b.n, b.hash
from (select lane, min(n) as first, max(n) as last from audit_block group by lane) x
join audit_block b on b.lane = x.lane and b.n = x.last
order by b.lane collate "C"`);
    return rows.map((row) => ({ ...row, first: Number(row.first), n: Number(row.n) }));
  }

  /** The blocks of a lane from `first` on, some at a time: one cursor over all days, planned once. */
  async *blocks(tx: EntityManager, { lane, first }: { lane: string; first: number }): AsyncGenerator<BlockRun> {
    await tx.query(
      'declare lane_blocks cursor for select lane, n, prev, root, count, hash, at from audit_block where lane = $1 and n >= $2 order by n',
      [lane, first],
    );
    for (;;) {
      const rows: StoredBlock[] = await tx.query(`fetch ${blocksAtATime} from lane_blocks`);
      if (rows.length === 0) break;
      const times = rows.map(({ at }) => at.getTime());
      yield { blocks: rows.map(toBlock), from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
    }
    await tx.query('close lane_blocks');
  }

  async findBlock(tx: EntityManager, { lane, n }: { lane: string; n: number }): Promise<AuditBlock | null> {
    const [row]: StoredBlock[] = await tx.query(
      'select lane, n, prev, root, count, hash, at from audit_block where lane = $1 and n = $2',
      [lane, n],
    );
    return row === undefined ? null : toBlock(row);
  }

  /** Whether retention took a block. */
  async isDropped(tx: EntityManager, { lane, n }: { lane: string; n: number }): Promise<boolean> {
    const rows: unknown[] = await tx.query('select from audit_drop where lane = $1 and n >= $2', [lane, n]);
    return rows.length > 0;
  }

  /** What the log says of a run from a time on, in the order of an export. */
  async entriesOfRun(
    tx: EntityManager,
    { workspace, run, since }: { workspace: string; run: string; since: Date },
  ): Promise<PlacedEntry[]> {
    const rows: (Omit<PlacedEntry, 'n' | 'workspace'> & { n: string })[] = await tx.query(
      `select lane, block as n, pos, stored_at as at, body from audit_entry
       where run_id = $1 and workspace_id = $2 and stored_at >= $3 order by lane collate "C", block, pos`,
      [run, workspace, since],
    );
    return rows.map((row) => ({ ...row, workspace, n: Number(row.n) }));
  }

  /** One entry by its id; null where the scope has none. */
  async findEntry({ workspace, environments }: AuditScope, id: string): Promise<PlacedEntry | null> {
    // Its id is as old as it is, and nearly always its block was written within seconds: no index by id is needed.
    const made = timeOfId(id);
    for (const [before, after] of nearFirst) {
      const rows: (Omit<PlacedEntry, 'n' | 'workspace'> & { n: string })[] = await this.dataSource.query(
        `select lane, block as n, pos, stored_at as at, body from audit_entry
         where workspace_id = $1 and id = $2 and stored_at >= $3 and stored_at <= $4
           and ($5::text[] is null or environment = any($5))`,
        [workspace, id, new Date(made - before), after === null ? 'infinity' : new Date(made + after), environments],
      );
      const [row] = rows;
      if (row !== undefined) return { ...row, workspace, n: Number(row.n) };
    }
    return null;
  }

  /** How many entries the log has of a run, up to `most`. */
  async countOfRun(
    { workspace, run, since }: { workspace: string; run: string; since: Date },
    most: number,
  ): Promise<number> {
    const [row]: { count: number }[] = await this.dataSource.query(
      `select count(*)::int as count from (select from audit_entry
       where run_id = $1 and workspace_id = $2 and stored_at >= $3 limit $4) e`,
      [run, workspace, since, most],
    );
    return row?.count ?? 0;
  }

  /** Whether the tree holds one entry of a run. */
  async isSealed({
    workspace,
    run,
    since,
    entry,
  }: {
    workspace: string;
    run: string;
    since: Date;
    entry: string;
  }): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select from audit_entry e join audit_leaf l on l.lane = e.lane and l.n = e.block
       where e.run_id = $1 and e.workspace_id = $2 and e.stored_at >= $3 and e.id = $4`,
      [run, workspace, since, entry],
    );
    return rows.length > 0;
  }

  /** Every entry by its hash, and what the workspace's own say: what others say is nobody's here to read. */
  async entriesOf(tx: EntityManager, workspace: string, { blocks, from, to }: BlockRun): Promise<ProofEntry[]> {
    const place = [blocks[0]?.lane, blocks[0]?.n, blocks.at(-1)?.n, from, to];
    const leaves: Omit<ProofEntry, 'body'>[] = await tx.query(
      'select block, pos, leaf from audit_leaves($1, $2, $3, $4, $5)',
      place,
    );
    const own: { block: string; pos: number; body: string }[] = await tx.query(
      `select block, pos, body from audit_entry
       where lane = $1 and block between $2 and $3 and stored_at between $4 and $5 and workspace_id = $6`,
      [...place, workspace],
    );
    const bodies = new Map(own.map(({ block, pos, body }) => [`${block} ${pos}`, body]));
    return leaves.map((entry) => ({ ...entry, body: bodies.get(`${entry.block} ${entry.pos}`) ?? null }));
  }
}

function toBlock({ at: _, n, ...block }: StoredBlock): AuditBlock {
  return { ...block, n: Number(n) };
}
