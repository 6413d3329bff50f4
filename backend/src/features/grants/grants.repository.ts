import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Allowance, Grant } from '@sluice/shared/api';
import { type EntityManager, In, Repository } from 'typeorm';
import { GrantEntity, type StoredGrantStatus } from './grant.entity.js';

/** A grant as people see it, with the names of all that it refers to. */
export interface GrantRow extends Omit<GrantEntity, 'status' | 'workspaceId'> {
  status: Grant['status'];
  flowName: string;
  connectionName: string;
  requesterName: string;
  deciderName: string | null;
  publishedBy: string;
  activeVersion: number | null;
  activeAllows: Allowance | null;
}

export interface GrantFilter {
  id?: string | undefined;
  deployment?: string | undefined;
  status?: Grant['status'] | undefined;
  flow?: string | undefined;
  environment?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface ActiveGrant {
  id: string;
  slot: string;
  connection: string;
  hash: string;
  allows: Allowance;
  /** Content hash of the version it was approved for. */
  versionHash: string;
}

// To people a decision is a decision, whether or not the deployment still waits for others; $2 is now.
const status = `case when g.status = 'active' and g.expires_at <= $2 then 'expired' when g.status = 'approved' then 'active' else g.status end`;

@Injectable()
export class GrantsRepository {
  constructor(@InjectRepository(GrantEntity) private readonly grants: Repository<GrantEntity>) {}

  /** Newest first. */
  async list(
    workspace: string,
    { now, ...filter }: GrantFilter & { now: Date },
    tx?: EntityManager,
  ): Promise<GrantRow[]> {
    return await (tx ?? this.grants.manager).query<GrantRow[]>(
      `select g.id, g.flow_id as "flowId", g.version, g.environment, g.slot, g.connector, g.connection_id as "connectionId",
              g.deployment_id as "deploymentId", g.hash, g.asks, g.allows, ${status} as status, g.reason,
              g.requested_by as "requestedBy", g.requested_at as "requestedAt", g.decided_by as "decidedBy",
              g.decided_at as "decidedAt", g.decision_reason as "decisionReason", g.decided_changes as "decidedChanges", g.expires_at as "expiresAt",
              f.name as "flowName", c.name as "connectionName", r.name as "requesterName", d.name as "deciderName",
              v.created_by as "publishedBy", a.version as "activeVersion", a.allows as "activeAllows"
         from approval_grant g
         join flow f on f.id = g.flow_id
         join flow_version v on v.flow_id = g.flow_id and v.version = g.version
         join connection c on c.id = g.connection_id
         join member r on r.id = g.requested_by
         left join member d on d.id = g.decided_by
         left join approval_grant a on a.flow_id = g.flow_id and a.environment = g.environment and a.slot = g.slot
               and a.status = 'active' and a.expires_at > $2
        where g.workspace_id = $1 and ($3::text is null or g.id = $3) and ($4::text is null or g.deployment_id = $4)
          and ($5::text is null or ${status} = $5) and ($6::text is null or g.flow_id = $6)
          and ($7::text is null or g.environment = $7) and ($8::text is null or g.id < $8)
        order by g.id desc limit $9`,
      [
        workspace,
        now,
        filter.id ?? null,
        filter.deployment ?? null,
        filter.status ?? null,
        filter.flow ?? null,
        filter.environment ?? null,
        filter.cursor ?? null,
        filter.limit,
      ],
    );
  }

  /** Those in force now, one a slot at most. */
  async listActive(
    tx: EntityManager,
    { workspace, flow, environment, now }: { workspace: string; flow: string; environment: string; now: Date },
  ): Promise<ActiveGrant[]> {
    return await tx.query<ActiveGrant[]>(
      `select g.id, g.slot, g.connection_id as connection, g.hash, g.allows, v.hash as "versionHash"
         from approval_grant g join flow_version v on v.flow_id = g.flow_id and v.version = g.version
        where g.workspace_id = $1 and g.flow_id = $2 and g.environment = $3 and g.status = 'active' and g.expires_at > $4`,
      [workspace, flow, environment, now],
    );
  }

  async listOfDeployment(tx: EntityManager, workspace: string, deployment: string): Promise<GrantEntity[]> {
    return await this.in(tx).findBy({ workspaceId: workspace, deploymentId: deployment });
  }

  async insert(tx: EntityManager, grants: GrantEntity[]): Promise<void> {
    await this.in(tx).insert(grants);
  }

  async change(
    tx: EntityManager,
    id: string,
    change: Partial<
      Pick<
        GrantEntity,
        'status' | 'allows' | 'decidedBy' | 'decidedAt' | 'decisionReason' | 'decidedChanges' | 'expiresAt'
      >
    >,
  ): Promise<void> {
    await this.in(tx).update({ id }, change);
  }

  /** Makes room for the next active grants of these slots. */
  async replaceActive(
    tx: EntityManager,
    { flowId, environment, slots }: { flowId: string; environment: string; slots: string[] },
  ): Promise<void> {
    await this.in(tx).update({ flowId, environment, slot: In(slots), status: 'active' }, { status: 'replaced' });
  }

  /** Of deployments, or of a whole flow, those in one of the statuses; answers their ids. */
  async replace(
    tx: EntityManager,
    {
      workspace,
      of,
      among,
    }: { workspace: string; of: { deployments: string[] } | { flow: string }; among: readonly StoredGrantStatus[] },
  ): Promise<string[]> {
    const whose = 'flow' in of ? { flowId: of.flow } : { deploymentId: In(of.deployments) };
    const found = await this.in(tx).find({
      select: { id: true },
      where: { workspaceId: workspace, status: In([...among]), ...whose },
    });
    const ids = found.map(({ id }) => id);
    if (ids.length > 0) await this.in(tx).update({ id: In(ids) }, { status: 'replaced' });
    return ids;
  }

  private in(tx: EntityManager): Repository<GrantEntity> {
    return tx.getRepository(GrantEntity);
  }
}
