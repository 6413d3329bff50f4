import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FieldClass } from '@sluice/shared/connector';
import { type EntityManager, Repository } from 'typeorm';
import { FlowVersionEntity } from './flow-version.entity.js';

export type VersionRow = Omit<FlowVersionEntity, 'document' | 'workspaceId' | 'flowId' | 'editedBy'> & {
  createdByName: string;
};

const columns = `v.version, v.hash, v.manifest, v.note, v.created_by as "createdBy", v.created_at as "createdAt", m.name as "createdByName"`;

/** Versions never change and are never removed. */
@Injectable()
export class VersionsRepository {
  constructor(@InjectRepository(FlowVersionEntity) private readonly versions: Repository<FlowVersionEntity>) {}

  /** Newest first. */
  async list(
    flow: { workspace: string; id: string },
    page: { before: number | null; limit: number },
    tx?: EntityManager,
  ): Promise<VersionRow[]> {
    return await (tx ?? this.versions.manager).query<VersionRow[]>(
      `select ${columns} from flow_version v join member m on m.id = v.created_by
        where v.workspace_id = $1 and v.flow_id = $2 and v.version > 0 and ($3::int is null or v.version < $3)
        order by v.version desc limit $4`,
      [flow.workspace, flow.id, page.before, page.limit],
    );
  }

  async find(
    flow: { workspace: string; id: string },
    version: number,
  ): Promise<(VersionRow & { document: unknown }) | null> {
    const rows = await this.versions.query<(VersionRow & { document: unknown })[]>(
      `select ${columns}, v.document from flow_version v join member m on m.id = v.created_by
        where v.workspace_id = $1 and v.flow_id = $2 and v.version = $3`,
      [flow.workspace, flow.id, version],
    );
    return rows[0] ?? null;
  }

  /** What the latest version of each flow answers to whoever waits for it, where it answers anything that weighs. */
  async answers(workspace: string, tx?: EntityManager): Promise<{ flow: string; classes: FieldClass[] }[]> {
    return await (tx ?? this.versions.manager).query(
      `select * from (
         select distinct on (flow_id) flow_id as flow, manifest -> 'answers' as classes
         from flow_version where workspace_id = $1 and version > 0 order by flow_id, version desc
       ) latest where jsonb_array_length(classes) > 0`,
      [workspace],
    );
  }

  /** The number of the last draft that was tried for the first time; 0 when none was. */
  async lastTried(tx: EntityManager, flow: { workspace: string; id: string }): Promise<number> {
    const rows = await tx.query<{ version: number }[]>(
      `select version from flow_version where workspace_id = $1 and flow_id = $2 and version < 0
        order by version limit 1`,
      [flow.workspace, flow.id],
    );
    return rows[0]?.version ?? 0;
  }

  /** Tried drafts of that content, which may have run with other documents of imported connectors. */
  async listTried(
    tx: EntityManager,
    flow: { workspace: string; id: string },
    hash: string,
  ): Promise<Pick<FlowVersionEntity, 'version' | 'manifest'>[]> {
    return await tx.query(
      `select version, manifest from flow_version
        where workspace_id = $1 and flow_id = $2 and version < 0 and hash = $3`,
      [flow.workspace, flow.id, hash],
    );
  }

  async insert(tx: EntityManager, version: FlowVersionEntity): Promise<void> {
    await tx.getRepository(FlowVersionEntity).insert(version);
  }
}
