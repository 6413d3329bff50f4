import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, LessThan, Not, Repository } from 'typeorm';
import { EndpointEntity } from './endpoint.entity.js';
import { EndpointSecretEntity } from './endpoint-secret.entity.js';

@Injectable()
export class EndpointsRepository {
  constructor(@InjectRepository(EndpointEntity) private readonly endpoints: Repository<EndpointEntity>) {}

  async list(workspace: string, flow: string): Promise<EndpointEntity[]> {
    return await this.endpoints
      .createQueryBuilder('endpoint')
      .innerJoin('environment', 'env', 'env.workspace_id = endpoint.workspace_id and env.name = endpoint.environment')
      .where('endpoint.workspaceId = :workspace and endpoint.flowId = :flow', { workspace, flow })
      .orderBy('env.position')
      .addOrderBy('endpoint.id')
      .getMany();
  }

  async find(
    tx: EntityManager,
    workspace: string,
    where: { flowId: string; environment: string; stepId: string } | { flowId: string; id: string },
  ): Promise<EndpointEntity | null> {
    return await tx.getRepository(EndpointEntity).findOneBy({ workspaceId: workspace, ...where });
  }

  async insert(tx: EntityManager, endpoint: EndpointEntity): Promise<void> {
    await tx.getRepository(EndpointEntity).insert(endpoint);
  }

  async setHook(tx: EntityManager, id: string, hook: Pick<EndpointEntity, 'scheme' | 'config'>): Promise<void> {
    await tx.getRepository(EndpointEntity).update({ id }, hook);
  }

  async newestSecretVersion(tx: EntityManager, endpointId: string): Promise<number> {
    return (await tx.getRepository(EndpointSecretEntity).maximum('version', { endpointId })) ?? 0;
  }

  /** Only the current secret lives on, until `expiresAt`; every older one is gone at once. */
  async retireSecrets(
    tx: EntityManager,
    endpointId: string,
    { newest, expiresAt }: { newest: number; expiresAt: Date },
  ): Promise<void> {
    const secrets = tx.getRepository(EndpointSecretEntity);
    await secrets.delete({ endpointId, version: LessThan(newest) });
    await secrets.delete({ endpointId, expiresAt: Not(IsNull()) });
    await secrets.update({ endpointId, version: newest }, { expiresAt });
  }

  async insertSecret(tx: EntityManager, secret: EndpointSecretEntity): Promise<void> {
    await tx.getRepository(EndpointSecretEntity).insert(secret);
  }
}
