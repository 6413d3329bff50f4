import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { RunStatus } from '@sluice/shared/api';
import { type PayloadKind } from '../../journal/records.js';
import { sinceRun } from '../../platform/database/partitions.js';
import { Repository } from 'typeorm';
import { RunEntity } from './run.entity.js';

export interface RunFilter {
  flow?: string | undefined;
  environment?: string | undefined;
  status?: RunStatus | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Part of a run's id, or of its flow's name. */
  q?: string | undefined;
}

export interface StoredPayload {
  step: string;
  attempt: number;
  kind: PayloadKind;
  sealed: Buffer | null;
  /** Where it lies when not in its row. */
  blob: string | null;
}

@Injectable()
export class RunsRepository {
  constructor(@InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>) {}

  async list(
    workspace: string,
    filter: RunFilter,
    { after, limit }: { after: { at: Date; id: string } | null; limit: number },
  ): Promise<RunEntity[]> {
    const query = this.runs.createQueryBuilder('run').where('run.workspaceId = :workspace', { workspace });
    if (filter.flow !== undefined) query.andWhere('run.flowId = :flow', filter);
    if (filter.environment !== undefined) query.andWhere('run.environment = :environment', filter);
    if (filter.status !== undefined) query.andWhere('run.status = :status', filter);
    if (filter.from !== undefined) query.andWhere('run.startedAt >= :from', filter);
    if (filter.to !== undefined) query.andWhere('run.startedAt < :to', filter);
    if (filter.q !== undefined) {
      const text = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere(
        '(run.id ilike :text or exists (select from flow f where f.id = run.flow_id and f.name ilike :text))',
        { text },
      );
    }
    if (after !== null) query.andWhere('(run.startedAt, run.id) < (:at, :id)', after);
    return await query.orderBy('run.startedAt', 'DESC').addOrderBy('run.id', 'DESC').limit(limit).getMany();
  }

  async find(workspace: string, id: string): Promise<RunEntity | null> {
    return await this.runs.findOneBy({ workspaceId: workspace, id });
  }

  /** What happened in the run, oldest first: the canonical texts of its entries. */
  async entries({ id, endedAt }: Pick<RunEntity, 'id' | 'endedAt'>): Promise<string[]> {
    const rows: { body: string }[] = await this.runs.query(
      'select body from audit_entry where run_id = $1 and stored_at between $2 and $3 order by at, id',
      [id, sinceRun(id), endedAt === null ? 'infinity' : new Date(endedAt.getTime() + 3_600_000)],
    );
    return rows.map(({ body }) => body);
  }

  async payloads(id: string): Promise<StoredPayload[]> {
    return await this.runs.query('select step_id as step, attempt, kind, sealed, blob from payload where run_id = $1', [
      id,
    ]);
  }
}
