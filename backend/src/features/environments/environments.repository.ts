import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { EnvironmentEntity } from './environment.entity.js';

@Injectable()
export class EnvironmentsRepository {
  constructor(@InjectRepository(EnvironmentEntity) private readonly environments: Repository<EnvironmentEntity>) {}

  async list(workspace: string): Promise<EnvironmentEntity[]> {
    return await this.environments.find({ where: { workspaceId: workspace }, order: { position: 'ASC' } });
  }

  /** Two who add an environment at once do so one after the other. */
  async lock(tx: EntityManager, workspace: string): Promise<void> {
    await tx.query('select id from workspace where id = $1 for no key update', [workspace]);
  }

  async count(tx: EntityManager, workspace: string): Promise<number> {
    return await tx.getRepository(EnvironmentEntity).countBy({ workspaceId: workspace });
  }

  async find(tx: EntityManager, workspace: string, id: string): Promise<EnvironmentEntity | null> {
    return await tx.getRepository(EnvironmentEntity).findOneBy({ workspaceId: workspace, id });
  }

  async findByName(workspace: string, name: string, tx?: EntityManager): Promise<EnvironmentEntity | null> {
    const repository = tx === undefined ? this.environments : tx.getRepository(EnvironmentEntity);
    return await repository.findOneBy({ workspaceId: workspace, name });
  }

  async insert(tx: EntityManager, environments: EnvironmentEntity[]): Promise<void> {
    await tx.getRepository(EnvironmentEntity).insert(environments);
  }

  async setPolicy(tx: EntityManager, id: string, policy: EnvironmentEntity['policy']): Promise<void> {
    await tx.getRepository(EnvironmentEntity).update({ id }, { policy });
  }
}
