import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EnvironmentPolicy } from '@sluice/shared/api';
import { type EntityManager, Repository } from 'typeorm';
import { GrantEntity } from './grant.entity.js';
import type { PastAllowance, RecordedUse } from './unused.js';

/** A grant in force, with all that was recorded of it and of those before it. */
export interface ReviewRow {
  grant: GrantEntity;
  flowName: string;
  connectionName: string;
  versionHash: string;
  policy: EnvironmentPolicy | null;
  uses: RecordedUse[];
  past: PastAllowance[];
  /** A request of the same slot that waits. */
  request: string | null;
}

// A slot's uses and allowances go on through the grants that followed each other on the same connection.
const sameSlot = `o.flow_id = g.flow_id and o.environment = g.environment and o.slot = g.slot and o.connection_id = g.connection_id`;

@Injectable()
export class ReviewsRepository {
  constructor(@InjectRepository(GrantEntity) private readonly grants: Repository<GrantEntity>) {}

  /** Of a workspace, those in force now; oldest first. */
  async list(
    workspace: string,
    { id, environment, now }: { id?: string | undefined; environment?: string | undefined; now: Date },
    tx?: EntityManager,
  ): Promise<ReviewRow[]> {
    const manager = tx ?? this.grants.manager;
    const rows = await manager.query<(Omit<ReviewRow, 'grant'> & { id: string })[]>(
      `select g.id, f.name as "flowName", c.name as "connectionName", v.hash as "versionHash", e.policy,
         (select coalesce(jsonb_agg(jsonb_build_object('call', u.call, 'host', u.host, 'scopes', u.scopes, 'fields', u.fields,
            'calls', u.calls, 'lastUsedAt', floor(extract(epoch from u.last_used_at) * 1000)::bigint)), '[]')
            from grant_use u join approval_grant o on o.id = u.grant_id where ${sameSlot}) as uses,
         (select coalesce(jsonb_agg(jsonb_build_object('allows', o.allows, 'since', floor(extract(epoch from o.decided_at) * 1000)::bigint)), '[]')
            from approval_grant o where ${sameSlot} and o.allows is not null and o.decided_at is not null) as past,
         (select o.id from approval_grant o where ${sameSlot} and o.status = 'pending' order by o.id desc limit 1) as request
       from approval_grant g
       join flow f on f.id = g.flow_id
       join flow_version v on v.flow_id = g.flow_id and v.version = g.version
       join connection c on c.id = g.connection_id
       left join environment e on e.workspace_id = g.workspace_id and e.name = g.environment
       where g.workspace_id = $1 and g.status = 'active' and g.expires_at > $2 and ($3::text is null or g.environment = $3)
         and ($4::text is null or g.id = $4)
       order by g.decided_at, g.id limit 1000`,
      [workspace, now, environment ?? null, id ?? null],
    );
    const entities = await manager.getRepository(GrantEntity).findBy(rows.map((row) => ({ id: row.id })));
    const byId = new Map(entities.map((grant) => [grant.id, grant]));
    return rows.flatMap(({ id: grantId, ...row }) => {
      const grant = byId.get(grantId);
      return grant === undefined ? [] : [{ ...row, grant }];
    });
  }
}
