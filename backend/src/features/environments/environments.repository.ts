import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { EnvironmentEntity } from './environment.entity.js';

@Injectable()
export class EnvironmentsRepository {
  constructor(@InjectRepository(EnvironmentEntity) private readonly environments: Repository<EnvironmentEntity>) {}

  async list(workspace: string, tx: EntityManager = this.environments.manager): Promise<EnvironmentEntity[]> {
    return await tx.find(EnvironmentEntity, { where: { workspaceId: workspace }, order: { position: 'ASC' } });
  }

  /** Two who add an environment at once do so one after the other. */
  async lock(tx: EntityManager, workspace: string): Promise<void> {
    await tx.query('select id from workspace where id = $1 for no key update', [workspace]);
  }

  async count(tx: EntityManager, workspace: string): Promise<number> {
    return await tx.getRepository(EnvironmentEntity).countBy({ workspaceId: workspace });
  }

  /** Two who change a policy at once do so one after the other. */
  async findLocked(tx: EntityManager, workspace: string, id: string): Promise<EnvironmentEntity | null> {
    return await tx
      .getRepository(EnvironmentEntity)
      .findOne({ where: { workspaceId: workspace, id }, lock: { mode: 'for_no_key_update' } });
  }

  async findByName(workspace: string, name: string, tx?: EntityManager): Promise<EnvironmentEntity | null> {
    const repository = tx === undefined ? this.environments : tx.getRepository(EnvironmentEntity);
    return await repository.findOneBy({ workspaceId: workspace, name });
  }

  async insert(tx: EntityManager, environments: EnvironmentEntity[]): Promise<void> {
    await tx.getRepository(EnvironmentEntity).insert(environments);
  }

  async change(
    tx: EntityManager,
    id: string,
    change: Partial<Pick<EnvironmentEntity, 'policy' | 'proposal'>>,
  ): Promise<void> {
    await tx.getRepository(EnvironmentEntity).update({ id }, change);
  }
}
