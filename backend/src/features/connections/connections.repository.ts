import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Connection } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import { type EntityManager, In, Repository } from 'typeorm';
import { ConnectionEntity, type LastError } from './connection.entity.js';

export type ConnectionRow = Omit<ConnectionEntity, 'workspaceId' | 'config'> & {
  config: Record<string, Json>;
  ownerName: string;
  shown: Record<string, Json> | null;
  /** Of an OAuth connection that has tokens. */
  granted: string[] | null;
  obtainedAt: Date | null;
  tokenExpiresAt: Date | null;
  failure: LastError | null;
};
export type Use = Connection['usedBy'][number] & { connection: string };

export interface Calls {
  scope: string;
  host: string;
  calls: number;
  lastAt: Date;
}

export interface Pause {
  host: string;
  kind: 'down' | 'retries';
  calls: number;
  until: Date;
}

export interface BrokerEvent {
  workspace: string;
  environment: string;
  connection: string;
  member: string | null;
  memberName: string | null;
  /** The connection's, and who it belongs to. */
  name: string;
  owner: string | null;
  action: string;
  detail: Record<string, Json>;
  at: Date;
}

export interface Warning {
  id: string;
  workspace: string;
  environment: string;
  name: string;
  owner: string;
  kind: 'due' | 'expiring';
  at: Date;
  daysBefore: number;
}

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
              c.last_error as "lastError", c.rotate_days as "rotateDays", c.due_at as "dueAt", c.expires_at as "expiresAt",
              c.created_at as "createdAt", c.rotated_at as "rotatedAt", c.revoked_at as "revokedAt", m.name as "ownerName",
              v.shown, t.scopes as granted, t.obtained_at as "obtainedAt", t.expires_at as "tokenExpiresAt", t.failure
         from connection c
         join member m on m.id = c.owner_id
         left join connection_version v on v.connection_id = c.id and v.version = c.secret_version
         left join oauth_token t on t.connection_id = c.id and t.version = c.secret_version
        where c.workspace_id = $1 and ($2::text is null or c.id = $2) and ($3::text is null or c.environment = $3)
          and ($4::text is null or c.connector = $4) and ($5::text is null or c.id > $5)
        order by c.id limit $6`,
      [workspace, id ?? null, environment ?? null, connector ?? null, cursor ?? null, limit],
    );
  }

  /** Calls of the last 90 days, by scope and host. */
  async calls(connection: string, now: Date): Promise<Calls[]> {
    return await this.connections.query<Calls[]>(
      `select scope, host, sum(calls)::float8 as calls, max(last_at) as "lastAt" from connection_use
        where connection_id = $1 and day > ($2::timestamptz at time zone 'UTC')::date - 90
        group by scope, host order by calls desc, scope, host limit 200`,
      [connection, now],
    );
  }

  /** Scopes that grants in force allow with it. */
  async grantedScopes(connection: string, now: Date): Promise<string[]> {
    const rows = await this.connections.query<{ scope: string }[]>(
      `select distinct s.scope from approval_grant g cross join lateral jsonb_array_elements_text(g.allows -> 'scopes') s (scope)
        where g.connection_id = $1 and g.status = 'active' and g.expires_at > $2 order by s.scope`,
      [connection, now],
    );
    return rows.map(({ scope }) => scope);
  }

  /** Which of these hosts a broker takes for down, or makes no calls to again for a while. One that ended without telling that a host is back is believed no longer. */
  async pauses(workspace: string, hosts: readonly string[], now: Date): Promise<Pause[]> {
    return await this.connections.query<Pause[]>(
      `select host, kind, failures as calls, until from host_pause
        where workspace_id = $1 and host = any($2)
          and until > $3::timestamptz - case kind when 'down' then interval '5 minutes' else interval '0' end
        order by host, kind`,
      [workspace, hosts, now],
    );
  }

  async isMember(workspace: string, id: string): Promise<boolean> {
    const rows = await this.connections.query<unknown[]>(
      'select 1 from member where workspace_id = $1 and id = $2 and disabled_at is null',
      [workspace, id],
    );
    return rows.length > 0;
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

  /** All of an environment, or those of these ids. */
  async findIn(workspace: string, environment: string, ids?: readonly string[]): Promise<ConnectionEntity[]> {
    return await this.connections.findBy({
      workspaceId: workspace,
      environment,
      ...(ids === undefined ? {} : { id: In([...ids]) }),
    });
  }

  /**
   * Dates that are `stages` days away or nearer and that nobody was told of at that distance. Only the nearest stage of
   * a date is given; those before it count as told.
   */
  async takeWarnings(tx: EntityManager, stages: readonly number[], now: Date): Promise<Warning[]> {
    return await tx.query<Warning[]>(
      `with near as (
         select c.id, d.kind, d.at, s.days
           from connection c
           cross join lateral (values ('due', c.due_at), ('expiring', c.expires_at)) d (kind, at)
           cross join unnest($1::int[]) s (days)
          where c.revoked_at is null and d.at is not null and d.at <= $2::timestamptz + make_interval(days => s.days)
       ), told as (
         insert into connection_warning (connection_id, kind, at, days_before, told_at)
           select id, kind, at, days, $2 from near on conflict do nothing returning connection_id, kind, at, days_before
       )
       select distinct on (c.id, t.kind) c.id, c.workspace_id as workspace, c.environment, c.name, c.owner_id as owner,
              t.kind, t.at, t.days_before as "daysBefore"
         from told t join connection c on c.id = t.connection_id
        order by c.id, t.kind, t.days_before`,
      [stages, now],
    );
  }

  /** What the broker left for the log, oldest first. */
  async takeEvents(tx: EntityManager): Promise<BrokerEvent[]> {
    return await tx.query<BrokerEvent[]>(
      `with taken as (
         delete from connection_event where id = any(array(
           select id from connection_event order by id limit 200 for update skip locked)) returning *)
       select t.workspace_id as workspace, t.environment, t.connection_id as connection, t.member_id as member,
              m.name as "memberName", c.name, c.owner_id as owner, t.action, t.detail, t.at
         from taken t left join connection c on c.id = t.connection_id left join member m on m.id = t.member_id order by t.id`,
    );
  }

  /** Revoked a while ago, and their secrets are still there: whoever did it was interrupted. */
  async findHalfRevoked(before: Date): Promise<ConnectionEntity[]> {
    return await this.connections
      .createQueryBuilder('c')
      .where('c.revokedAt < :before', { before })
      .andWhere('exists (select from connection_secret s where s.connection_id = c.id)')
      .limit(50)
      .getMany();
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

  async approveHostKey(tx: EntityManager, id: string, fingerprint: string): Promise<void> {
    await tx.query(`update connection set config = jsonb_set(config, '{hostKey}', to_jsonb($2::text)) where id = $1`, [
      id,
      fingerprint,
    ]);
  }

  async change(
    tx: EntityManager,
    id: string,
    change: Partial<Omit<ConnectionEntity, 'id' | 'workspaceId' | 'config'>>,
  ): Promise<void> {
    await tx.getRepository(ConnectionEntity).update({ id }, change);
  }
}
