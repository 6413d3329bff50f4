import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { AuditBlock } from '@sluice/shared/audit';
import { DataSource, type EntityManager, Repository } from 'typeorm';
import { AuditEntryEntity } from './audit-entry.entity.js';

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  run?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

export interface LaneRange {
  lane: string;
  first: number;
  n: number;
  hash: string;
}

type StoredBlock = Omit<AuditBlock, 'n'> & { n: string };
export type ProofEntry = { block: string; pos: number; workspaceId: string | null; body: string };

/** Every question asked of the log. */
@Injectable()
export class AuditRepository {
  constructor(
    @InjectRepository(AuditEntryEntity) private readonly entries: Repository<AuditEntryEntity>,
    private readonly dataSource: DataSource,
  ) {}

  async list(
    workspace: string,
    filter: AuditFilter,
    { after, limit }: { after: { at: Date; id: string } | null; limit: number },
  ): Promise<AuditEntryEntity[]> {
    const query = this.entries.createQueryBuilder('entry').where('entry.workspaceId = :workspace', { workspace });
    if (filter.actor !== undefined) query.andWhere('entry.actor = :actor', filter);
    if (filter.action !== undefined)
      query.andWhere('entry.action like :action', { action: `${escapeLike(filter.action)}%` });
    if (filter.subject !== undefined) query.andWhere('entry.subject = :subject', filter);
    if (filter.run !== undefined) query.andWhere('entry.runId = :run', filter);
    if (filter.from !== undefined) query.andWhere('entry.at >= :from', filter);
    if (filter.to !== undefined) query.andWhere('entry.at < :to', filter);
    if (filter.q !== undefined) query.andWhere('entry.body ilike :text', { text: `%${escapeLike(filter.q)}%` });
    if (after !== null) query.andWhere('(entry.at, entry.id) < (:at, :id)', after);
    return await query.orderBy('entry.at', 'DESC').addOrderBy('entry.id', 'DESC').limit(limit).getMany();
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

  async blocks(
    tx: EntityManager,
    { lane, from, limit }: { lane: string; from: number; limit: number },
  ): Promise<AuditBlock[]> {
    const rows: StoredBlock[] = await tx.query(
      'select lane, n, prev, root, count, hash from audit_block where lane = $1 and n >= $2 order by n limit $3',
      [lane, from, limit],
    );
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  }

  async entriesOfBlocks(
    tx: EntityManager,
    { lane, from, to }: { lane: string; from: number; to: number },
  ): Promise<ProofEntry[]> {
    return await tx.query(
      'select block, pos, workspace_id as "workspaceId", body from audit_entry where lane = $1 and block between $2 and $3 order by block, pos',
      [lane, from, to],
    );
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
