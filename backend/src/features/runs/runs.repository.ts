import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type PayloadKind } from '../../journal/records.js';
import { type Found, lookBack, type Place } from '../../platform/database/look-back.js';
import { sinceRun } from '../../platform/database/partitions.js';
import { Repository } from 'typeorm';
import { indexed, narrowing, type RunFilter } from './matching.js';
import { RunEntity } from './run.entity.js';
import type { Names } from './summary.js';

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
    page: { after: Place | null; limit: number; now: number },
  ): Promise<Found<RunEntity>> {
    return await lookBack(
      {
        indexed: () => indexed(this.runs, workspace, filter),
        narrow: narrowing(filter),
        order: { at: 'run.startedAt', id: 'run.id' },
        placeOf: ({ startedAt, id }) => ({ at: startedAt, id }),
      },
      page,
    );
  }

  /** Who owns their flows, by the flow; and who closed one, by the member. */
  async people(runs: readonly RunEntity[]): Promise<Pick<Names, 'owners' | 'members'>> {
    const rows: { id: string; name: string; flows: string[] }[] = await this.runs.query(
      `select m.id, m.name, array(select f.id from flow f where f.owner_id = m.id and f.id = any($1)) as flows from member m
       where m.id = any($2) or m.id in (select owner_id from flow where id = any($1))`,
      [[...new Set(runs.map(({ flowId }) => flowId))], [...new Set(runs.flatMap(({ closedBy }) => closedBy ?? []))]],
    );
    return {
      owners: new Map(rows.flatMap(({ flows, id, name }) => flows.map((flow) => [flow, { id, name }] as const))),
      members: new Map(rows.map(({ id, name }) => [id, name])),
    };
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

  /** What its run keeps of a file; null for one that is no file of it. */
  async file(id: string, file: string): Promise<{ sealed: Buffer; keepDays: number } | null> {
    const rows: { sealed: Buffer; keepDays: number }[] = await this.runs.query(
      `select sealed, keep_days as "keepDays" from payload where run_id = $1 and step_id = $2 and kind = 'file'`,
      [id, file],
    );
    return rows[0] ?? null;
  }

  async payloads(id: string): Promise<StoredPayload[]> {
    return await this.runs.query('select step_id as step, attempt, kind, sealed, blob from payload where run_id = $1', [
      id,
    ]);
  }
}
