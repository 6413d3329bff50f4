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
        where v.workspace_id = $1 and v.flow_id = $2 and ($3::int is null or v.version < $3)
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
         from flow_version where workspace_id = $1 order by flow_id, version desc
       ) latest where jsonb_array_length(classes) > 0`,
      [workspace],
    );
  }

  async insert(tx: EntityManager, version: FlowVersionEntity): Promise<void> {
    await tx.getRepository(FlowVersionEntity).insert(version);
  }
}
