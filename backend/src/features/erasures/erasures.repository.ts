import { Injectable } from '@nestjs/common';
import type { Erasure, ErasureFinding } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';

export interface ErasureRow extends Omit<Erasure, 'startedAt' | 'endedAt' | 'from' | 'to'> {
  startedAt: Date;
  endedAt: Date | null;
  from: Date;
  to: Date;
}

export interface FindingRow extends Omit<ErasureFinding, 'flow' | 'at' | 'erasedAt'> {
  flow: string | null;
  at: Date;
  erasedAt: Date | null;
}

const name = (column: string) =>
  `(select jsonb_build_object('id', m.id, 'name', m.name) from member m where m.id = e.${column})`;

const columns = `e.id, e.environment, e.from_at as "from", e.to_at as "to", e.reason, e.status, e.total, e.looked,
  e.started_at as "startedAt", e.ended_at as "endedAt", ${name('member_id')} as by, ${name('confirmed_by')} as "confirmedBy",
  (select count(*)::int from erasure_finding f where f.erasure_id = e.id) as found,
  (select count(f.erased_at)::int from erasure_finding f where f.erasure_id = e.id) as erased,
  (select count(*)::int from erasure_finding f where f.erasure_id = e.id and f.is_open and f.erased_at is null) as open`;

/** Every question that people ask of searches for a person's data. */
@Injectable()
export class ErasuresRepository {
  constructor(private readonly dataSource: DataSource) {}

  async list(
    workspace: string,
    { after, limit, id }: { after: { at: Date; id: string } | null; limit: number; id?: string },
    tx?: EntityManager,
  ): Promise<ErasureRow[]> {
    return await (tx ?? this.dataSource.manager).query(
      `select ${columns} from erasure e where e.workspace_id = $1 and ($2::text is null or e.id = $2)
         and ($3::timestamptz is null or (e.started_at, e.id) < ($3, $4)) order by e.started_at desc, e.id desc limit $5`,
      [workspace, id ?? null, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async findings(
    workspace: string,
    { id, after, limit }: { id: string; after: { at: Date; id: string } | null; limit: number },
  ): Promise<FindingRow[]> {
    return await this.dataSource.query(
      `select kind, subject as id, flow_id as flow, places, at, erased_at as "erasedAt", is_open as "isOpen" from erasure_finding
       where workspace_id = $1 and erasure_id = $2 and ($3::timestamptz is null or (at, subject) < ($3, $4))
       order by at desc, subject desc limit $5`,
      [workspace, id, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async countRuns(
    workspace: string,
    { environment, from, to }: { environment: string; from: string; to: string },
  ): Promise<number> {
    const [row] = await this.dataSource.query(
      `select count(*)::int as runs from run
       where workspace_id = $1 and environment = $2 and started_at >= $3 and started_at < $4 and erased_at is null`,
      [workspace, environment, from, to],
    );
    return row.runs;
  }

  async add(
    tx: EntityManager,
    row: {
      id: string;
      workspace: string;
      environment: string;
      member: string;
      reason: string;
      valueSealed: string;
      from: string;
      to: string;
      total: number;
      startedAt: Date;
    },
  ): Promise<void> {
    await tx.query(
      `insert into erasure (id, workspace_id, environment, member_id, reason, value_sealed, from_at, to_at, status, total, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'searching', $9, $10)`,
      [
        row.id,
        row.workspace,
        row.environment,
        row.member,
        row.reason,
        row.valueSealed,
        row.from,
        row.to,
        row.total,
        row.startedAt,
      ],
    );
  }

  /** False: there is nothing to erase now. What went on before is tried anew. */
  async confirm(tx: EntityManager, { id, member }: { id: string; member: string }): Promise<boolean> {
    const [, changed] = await tx.query(
      `update erasure set status = 'erasing', confirmed_by = $2, after_at = null, after_id = null, ended_at = null, lease_until = null
       where id = $1 and status in ('found', 'done')
         and exists (select from erasure_finding f where f.erasure_id = $1 and f.erased_at is null)`,
      [id, member],
    );
    return changed === 1;
  }

  /** False: it had ended before. */
  async cancel(tx: EntityManager, id: string): Promise<boolean> {
    const [, changed] = await tx.query(
      `update erasure set status = 'cancelled', value_sealed = null, lease_until = null, ended_at = now()
       where id = $1 and status in ('searching', 'found', 'erasing')`,
      [id],
    );
    return changed === 1;
  }
}
