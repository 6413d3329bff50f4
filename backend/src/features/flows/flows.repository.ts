import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FlowDocument } from '@sluice/shared/flow';
import { type EntityManager, In, IsNull, Repository } from 'typeorm';
import { FlowEntity } from './flow.entity.js';

export interface FlowRow {
  id: string;
  name: string;
  revision: number;
  ownerId: string;
  ownerName: string;
  createdAt: Date;
  updatedAt: Date;
  latestVersion: number | null;
  latestHash: string | null;
}

export interface FlowFilter {
  id?: string | undefined;
  /** Part of the name. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Flows that are in service: one that was removed is found by nobody. */
@Injectable()
export class FlowsRepository {
  constructor(@InjectRepository(FlowEntity) private readonly flows: Repository<FlowEntity>) {}

  /** Newest first. */
  async list(workspace: string, { id, q, cursor, limit }: FlowFilter, tx?: EntityManager): Promise<FlowRow[]> {
    const pattern = q === undefined ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`;
    return await (tx ?? this.flows.manager).query<FlowRow[]>(
      `select f.id, f.name, f.revision, f.owner_id as "ownerId", m.name as "ownerName", f.created_at as "createdAt",
              f.updated_at as "updatedAt", v.version as "latestVersion", v.hash as "latestHash"
         from flow f
         join member m on m.id = f.owner_id
         left join lateral (select version, hash from flow_version where flow_id = f.id and version > 0 order by version desc limit 1) v on true
        where f.workspace_id = $1 and f.removed_at is null and ($2::text is null or f.id = $2)
          and ($3::text is null or f.name ilike $3) and ($4::text is null or f.id < $4)
        order by f.id desc limit $5`,
      [workspace, id ?? null, pattern, cursor ?? null, limit],
    );
  }

  async drafts(
    workspace: string,
    ids: readonly string[],
    tx?: EntityManager,
  ): Promise<Pick<FlowEntity, 'id' | 'revision' | 'draft' | 'editedBy'>[]> {
    if (ids.length === 0) return [];
    return await this.in(tx).find({
      select: { id: true, revision: true, draft: true, editedBy: true },
      where: { workspaceId: workspace, id: In([...ids]), removedAt: IsNull() },
    });
  }

  /** Also of flows that were taken out of service: their history stays. */
  async names(workspace: string): Promise<Pick<FlowEntity, 'id' | 'name'>[]> {
    return await this.flows.find({ select: { id: true, name: true }, where: { workspaceId: workspace } });
  }

  /** Publishing, deploying and deciding about a flow happen one after the other. False when there is no such flow. */
  async lock(tx: EntityManager, workspace: string, id: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      'select id from flow where workspace_id = $1 and id = $2 and removed_at is null for update',
      [workspace, id],
    );
    return rows.length === 1;
  }

  async insert(tx: EntityManager, flow: Omit<FlowEntity, 'removedAt' | 'editedBy'>): Promise<void> {
    await this.in(tx).insert(flow);
  }

  async change(
    tx: EntityManager,
    id: string,
    change: Partial<Pick<FlowEntity, 'name' | 'updatedAt' | 'removedAt'>>,
  ): Promise<void> {
    await this.in(tx).update({ id }, change);
  }

  /** The new revision; null when there is no such flow, or the draft moved on since `base`. Two savers can't both win. */
  async saveDraft(
    tx: EntityManager,
    {
      workspace,
      id,
      base,
      draft,
      by,
      now,
    }: { workspace: string; id: string; base: number | undefined; draft: FlowDocument; by: string; now: Date },
  ): Promise<number | null> {
    const [rows] = await tx.query<[{ revision: number }[], number]>(
      `update flow set draft = $3, revision = revision + 1, updated_at = $4, edited_by = $6
        where workspace_id = $1 and id = $2 and removed_at is null and ($5::int is null or revision = $5)
        returning revision`,
      [workspace, id, JSON.stringify(draft), now, base ?? null, by],
    );
    return rows[0]?.revision ?? null;
  }

  private in(tx: EntityManager | undefined): Repository<FlowEntity> {
    return tx === undefined ? this.flows : tx.getRepository(FlowEntity);
  }
}
