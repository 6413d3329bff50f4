import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, Repository } from 'typeorm';
import { DeploymentEntity, type DeploymentStatus } from './deployment.entity.js';

export type DeploymentRow = Omit<DeploymentEntity, 'workspaceId' | 'reason' | 'status'> & {
  status: Exclude<DeploymentStatus, 'trial'>;
  createdByName: string;
};

@Injectable()
export class DeploymentsRepository {
  constructor(@InjectRepository(DeploymentEntity) private readonly deployments: Repository<DeploymentEntity>) {}

  /** Newest first. */
  async list(
    workspace: string,
    { flow, id, cursor, limit }: { flow: string; id?: string; cursor?: string | undefined; limit: number },
  ): Promise<DeploymentRow[]> {
    return await this.deployments.query<DeploymentRow[]>(
      `select d.id, d.flow_id as "flowId", d.environment, d.version, d.bindings, d.status, d.created_by as "createdBy",
              d.created_at as "createdAt", d.activated_at as "activatedAt", m.name as "createdByName"
         from deployment d join member m on m.id = d.created_by
        where d.workspace_id = $1 and d.flow_id = $2 and d.status <> 'trial' and ($3::text is null or d.id = $3) and ($4::text is null or d.id < $4)
        order by d.id desc limit $5`,
      [workspace, flow, id ?? null, cursor ?? null, limit],
    );
  }

  async findActive(workspace: string, flow: string, environment: string): Promise<DeploymentEntity | null> {
    return await this.deployments.findOneBy({ workspaceId: workspace, flowId: flow, environment, status: 'active' });
  }

  async findActiveId(
    tx: EntityManager,
    { workspace, flow, environment }: { workspace: string; flow: string; environment: string },
  ): Promise<string | null> {
    const where = { workspaceId: workspace, flowId: flow, environment, status: 'active' as const };
    return (await tx.getRepository(DeploymentEntity).findOne({ select: { id: true }, where }))?.id ?? null;
  }

  /** Whether a version of that content runs in an environment, or did. */
  async hasRun(
    workspace: string,
    { flow, environment, hash }: { flow: string; environment: string; hash: string },
  ): Promise<boolean> {
    const rows = await this.deployments.query<unknown[]>(
      `select from deployment d join flow_version v on v.flow_id = d.flow_id and v.version = d.version
        where d.workspace_id = $1 and d.flow_id = $2 and d.environment = $3 and v.hash = $4 and d.activated_at is not null limit 1`,
      [workspace, flow, environment, hash],
    );
    return rows.length > 0;
  }

  async find(tx: EntityManager, workspace: string, id: string): Promise<DeploymentEntity | null> {
    return await tx.getRepository(DeploymentEntity).findOneBy({ workspaceId: workspace, id });
  }

  async insert(tx: EntityManager, deployment: DeploymentEntity): Promise<void> {
    await tx.getRepository(DeploymentEntity).insert(deployment);
  }

  /** Ids of those that were active or waiting, as `among` says, and are replaced now. */
  async replace(
    tx: EntityManager,
    {
      workspace,
      flow,
      environment,
      among,
      except,
    }: { workspace: string; flow: string; environment?: string; among: readonly DeploymentStatus[]; except?: string },
  ): Promise<string[]> {
    const found = await tx.getRepository(DeploymentEntity).find({
      select: { id: true },
      where: {
        workspaceId: workspace,
        flowId: flow,
        status: In([...among]),
        ...(environment === undefined ? {} : { environment }),
      },
    });
    const ids = found.map(({ id }) => id).filter((id) => id !== except);
    if (ids.length > 0) await tx.getRepository(DeploymentEntity).update({ id: In(ids) }, { status: 'replaced' });
    return ids;
  }

  async change(tx: EntityManager, id: string, change: { status: DeploymentStatus; activatedAt?: Date }): Promise<void> {
    await tx.getRepository(DeploymentEntity).update({ id }, change);
  }

  /** The document of a deployed version: what is switched on follows it. */
  async document(tx: EntityManager, { flowId, version }: DeploymentEntity): Promise<unknown> {
    const rows = await tx.query<{ document: unknown }[]>(
      'select document from flow_version where flow_id = $1 and version = $2',
      [flowId, version],
    );
    return rows[0]?.document;
  }
}
