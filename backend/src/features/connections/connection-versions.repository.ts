import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Json } from '@sluice/shared/lib';
import { type EntityManager, Repository } from 'typeorm';
import { ConnectionVersionEntity } from './connection-version.entity.js';

export type VersionRow = Omit<ConnectionVersionEntity, 'shown'> & {
  shown: Record<string, Json> | null;
  createdByName: string;
};
export interface VersionOf {
  connection: string;
  version: number;
}
/** A version whose time is over. */
export interface Outlived extends VersionOf {
  workspace: string;
  environment: string;
}

@Injectable()
export class ConnectionVersionsRepository {
  constructor(
    @InjectRepository(ConnectionVersionEntity) private readonly versions: Repository<ConnectionVersionEntity>,
  ) {}

  /** Newest first. */
  async list(connection: string): Promise<VersionRow[]> {
    return await this.versions.query<VersionRow[]>(
      `select v.version, v.auth_kind as "authKind", v.shown, v.created_by as "createdBy", m.name as "createdByName",
              v.created_at as "createdAt", v.kept_until as "keptUntil", v.destroyed_at as "destroyedAt"
         from connection_version v join member m on m.id = v.created_by
        where v.connection_id = $1 order by v.version desc limit 20`,
      [connection],
    );
  }

  /** Of the connections whose row the caller has locked. */
  async next(tx: EntityManager, connection: string): Promise<number> {
    const newest = await tx.getRepository(ConnectionVersionEntity).maximum('version', { connectionId: connection });
    return (newest ?? 0) + 1;
  }

  async insert(tx: EntityManager, version: ConnectionVersionEntity): Promise<void> {
    await tx.getRepository(ConnectionVersionEntity).insert(version);
  }

  /** What people may see of one. */
  async shown(tx: EntityManager, { connection, version }: VersionOf): Promise<Record<string, Json> | null> {
    const [row] = await tx.query<Pick<VersionRow, 'shown'>[]>(
      'select shown from connection_version where connection_id = $1 and version = $2',
      [connection, version],
    );
    return row?.shown ?? null;
  }

  async keep(tx: EntityManager, { connection, version }: VersionOf, until: Date): Promise<void> {
    await tx.getRepository(ConnectionVersionEntity).update({ connectionId: connection, version }, { keptUntil: until });
  }

  /** Takes a version that is still kept into use again. Null when it is not. */
  async takeBack(
    tx: EntityManager,
    { connection, version }: VersionOf,
    now: Date,
  ): Promise<Pick<ConnectionVersionEntity, 'authKind' | 'createdAt'> | null> {
    // TypeORM answers an UPDATE with [rows, count].
    const [[row]] = await tx.query<[Pick<ConnectionVersionEntity, 'authKind' | 'createdAt'>[], number]>(
      `update connection_version set kept_until = null
        where connection_id = $1 and version = $2 and kept_until > $3 and destroyed_at is null
        returning auth_kind as "authKind", created_at as "createdAt"`,
      [connection, version, now],
    );
    return row ?? null;
  }

  /** Marks what is kept no longer as destroyed, some at a time. Of several processes each takes others. */
  async takeOutlived(tx: EntityManager, now: Date): Promise<Outlived[]> {
    const [rows] = await tx.query<[Outlived[], number]>(
      `with gone as (
         select connection_id, version from connection_version
          where kept_until <= $1 order by kept_until limit 100 for update skip locked)
       update connection_version v set kept_until = null, destroyed_at = $1
         from gone join connection c on c.id = gone.connection_id
        where v.connection_id = gone.connection_id and v.version = gone.version
        returning v.connection_id as connection, v.version, v.workspace_id as workspace, c.environment`,
      [now],
    );
    return rows;
  }

  async markVersionDestroyed(tx: EntityManager, { connection, version }: VersionOf, now: Date): Promise<void> {
    await tx
      .getRepository(ConnectionVersionEntity)
      .update({ connectionId: connection, version }, { keptUntil: null, destroyedAt: now });
  }

  /** All of a connection. */
  async markDestroyed(tx: EntityManager, connection: string, now: Date): Promise<void> {
    await tx.query(
      'update connection_version set kept_until = null, destroyed_at = $2 where connection_id = $1 and destroyed_at is null',
      [connection, now],
    );
  }
}
