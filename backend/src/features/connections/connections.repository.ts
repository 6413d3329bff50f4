import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Connection } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import { type EntityManager, In, Repository } from 'typeorm';
import { ConnectionEntity } from './connection.entity.js';

export type ConnectionRow = Omit<ConnectionEntity, 'workspaceId' | 'config'> & {
  config: Record<string, Json>;
  ownerName: string;
};
export type Use = Connection['usedBy'][number] & { connection: string };

export interface ConnectionFilter {
  id?: string | undefined;
  environment?: string | undefined;
  connector?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

@Injectable()
export class ConnectionsRepository {
  constructor(@InjectRepository(ConnectionEntity) private readonly connections: Repository<ConnectionEntity>) {}

  /** Oldest first. */
  async list(
    workspace: string,
    { id, environment, connector, cursor, limit }: ConnectionFilter,
  ): Promise<ConnectionRow[]> {
    return await this.connections.query<ConnectionRow[]>(
      `select c.id, c.environment, c.connector, c.name, c.auth_kind as "authKind", c.config, c.hosts, c.limits, c.owner_id as "ownerId",
              c.secret_version as "secretVersion", c.last_test as "lastTest", c.last_used_at as "lastUsedAt",
              c.created_at as "createdAt", c.rotated_at as "rotatedAt", c.revoked_at as "revokedAt", m.name as "ownerName"
         from connection c join member m on m.id = c.owner_id
        where c.workspace_id = $1 and ($2::text is null or c.id = $2) and ($3::text is null or c.environment = $3)
          and ($4::text is null or c.connector = $4) and ($5::text is null or c.id > $5)
        order by c.id limit $6`,
      [workspace, id ?? null, environment ?? null, connector ?? null, cursor ?? null, limit],
    );
  }

  /** Active deployments that bind any of these. */
  async uses(workspace: string, ids: readonly string[]): Promise<Use[]> {
    return await this.connections.query<Use[]>(
      `select b.value as connection, d.flow_id as flow, f.name, d.environment, b.key as slot
         from deployment d
         join flow f on f.id = d.flow_id
         cross join lateral jsonb_each_text(d.bindings) b
        where d.workspace_id = $1 and d.status = 'active' and b.value = any($2)
        order by f.name, d.flow_id, b.key`,
      [workspace, ids],
    );
  }

  async findIn(workspace: string, environment: string, ids: readonly string[]): Promise<ConnectionEntity[]> {
    return await this.connections.findBy({ workspaceId: workspace, environment, id: In([...ids]) });
  }

  /** Rotating and revoking one connection happen one after the other. */
  async lock(tx: EntityManager, workspace: string, id: string): Promise<ConnectionEntity | null> {
    return await tx
      .getRepository(ConnectionEntity)
      .findOne({ where: { workspaceId: workspace, id }, lock: { mode: 'pessimistic_write' } });
  }

  async find(workspace: string, id: string): Promise<ConnectionEntity | null> {
    return await this.connections.findOneBy({ workspaceId: workspace, id });
  }

  async insert(tx: EntityManager, connection: ConnectionEntity): Promise<void> {
    await tx.getRepository(ConnectionEntity).insert(connection);
  }

  async change(
    tx: EntityManager,
    id: string,
    change: Partial<
      Pick<ConnectionEntity, 'authKind' | 'secretVersion' | 'rotatedAt' | 'revokedAt' | 'lastTest' | 'limits'>
    >,
  ): Promise<void> {
    await tx.getRepository(ConnectionEntity).update({ id }, change);
  }
}
