import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Allowance, CallLimits, EnvironmentPolicy, Grant } from '@sluice/shared/api';
import { type EntityManager, In, IsNull, LessThanOrEqual, Repository } from 'typeorm';
import type { Asks } from './asks.js';
import { requestDays } from './decision-rule.js';
import { GrantEntity, type StoredGrantStatus } from './grant.entity.js';

/** A grant as people see it, with the names of all that it refers to. */
export interface GrantRow extends Omit<GrantEntity, 'status' | 'workspaceId'> {
  status: Grant['status'];
  flowName: string;
  connectionName: string;
  requesterName: string;
  deciderName: string | null;
  reviewerName: string | null;
  publishedBy: string;
  editedBy: string | null;
  /** Content hash of the version. */
  versionHash: string;
  policy: EnvironmentPolicy | null;
  /** The first that signed first. */
  signatures: { member: string; name: string; at: string; reason: string; hash: string; allows: Allowance }[];
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
  connectorVersion: string;
  asks: Asks;
  allows: Allowance;
  rate: CallLimits | null;
  expiresAt: Date;
  decidedBy: string;
  decidedAt: Date;
  decisionReason: string | null;
  emergency: boolean;
  /** Content hash of the version it was approved for. */
  versionHash: string;
}

/** A grant that ends soon, or did. */
export interface Ending {
  id: string;
  workspace: string;
  flow: string;
  environment: string;
  slot: string;
  at: Date;
  daysBefore: number;
}

// To people a decision is a decision, whether or not the deployment still waits for others; $2 is now.
const status = `case when g.status = 'active' and g.expires_at <= $2 then 'expired'
  when g.status = 'pending' and g.requested_at <= $2::timestamptz - interval '${requestDays} days' then 'expired'
  when g.status = 'approved' then 'active' else g.status end`;

const signatures = `coalesce((select jsonb_agg(jsonb_build_object('member', s.member_id, 'name', m.name, 'at', s.signed_at,
  'reason', s.reason, 'hash', s.hash, 'allows', s.allows) order by s.signed_at)
  from grant_signature s join member m on m.id = s.member_id where s.grant_id = g.id), '[]')`;

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
              g.connector_version as "connectorVersion", g.carried_from as "carriedFrom", g.high_risk as "highRisk", g.rate, g.emergency,
              g.reviewed_by as "reviewedBy", g.reviewed_at as "reviewedAt", g.review_note as "reviewNote", w.name as "reviewerName",
              v.hash as "versionHash", v.edited_by as "editedBy", e.policy, ${signatures} as signatures,
              f.name as "flowName", c.name as "connectionName", r.name as "requesterName", d.name as "deciderName",
              v.created_by as "publishedBy", a.version as "activeVersion", a.allows as "activeAllows"
         from approval_grant g
         join flow f on f.id = g.flow_id
         join flow_version v on v.flow_id = g.flow_id and v.version = g.version
         join connection c on c.id = g.connection_id
         join member r on r.id = g.requested_by
         left join member d on d.id = g.decided_by
         left join member w on w.id = g.reviewed_by
         left join environment e on e.workspace_id = g.workspace_id and e.name = g.environment
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
      `select g.id, g.slot, g.connection_id as connection, g.connector_version as "connectorVersion", g.asks, g.allows, g.rate,
              g.expires_at as "expiresAt", g.decided_by as "decidedBy", g.decided_at as "decidedAt",
              g.decision_reason as "decisionReason", g.emergency, v.hash as "versionHash"
         from approval_grant g join flow_version v on v.flow_id = g.flow_id and v.version = g.version
        where g.workspace_id = $1 and g.flow_id = $2 and g.environment = $3 and g.status = 'active' and g.expires_at > $4`,
      [workspace, flow, environment, now],
    );
  }

  /** Of a deployment, those that are not in force yet. */
  async listUnsettled(tx: EntityManager, workspace: string, deployment: string): Promise<GrantEntity[]> {
    const status = In<StoredGrantStatus>(['pending', 'approved']);
    return await this.in(tx).findBy({ workspaceId: workspace, deploymentId: deployment, status });
  }

  /** Hosts that somebody of the workspace approved before, whatever became of it. */
  async listKnownHosts(tx: EntityManager, workspace: string): Promise<string[]> {
    const rows = await tx.query<{ host: string }[]>(
      `select distinct jsonb_array_elements_text(allows -> 'hosts') as host from approval_grant
        where workspace_id = $1 and decided_at is not null and allows is not null and status <> 'refused'`,
      [workspace],
    );
    return rows.map(({ host }) => host);
  }

  /** Requests that nobody decided in time. */
  async listOverdue(tx: EntityManager, { flowId, before }: { flowId: string; before: Date }): Promise<GrantEntity[]> {
    return await this.in(tx).findBy({ flowId, status: 'pending', requestedAt: LessThanOrEqual(before) });
  }

  /** Flows with such requests. */
  async listOverdueFlows(before: Date): Promise<{ workspaceId: string; flowId: string }[]> {
    return await this.grants.query<{ workspaceId: string; flowId: string }[]>(
      `select distinct workspace_id as "workspaceId", flow_id as "flowId" from approval_grant
        where status = 'pending' and requested_at <= $1`,
      [before],
    );
  }

  /** Grants whose end came nearer than one of these days, each once a stage; not those that never were to last so long. */
  async takeEndings(tx: EntityManager, stages: readonly number[], now: Date): Promise<Ending[]> {
    const [rows] = await tx.query<[Ending[], number]>(
      `update approval_grant g set told_days = near.days
         from (select a.id, min(s.days) as days from approval_grant a cross join unnest($1::int[]) s (days)
                where a.status = 'active' and a.expires_at <= $2::timestamptz + make_interval(days => s.days)
                  and a.expires_at > $2::timestamptz - interval '7 days' and (a.told_days is null or s.days < a.told_days)
                  and (s.days = 0 or a.expires_at - a.decided_at > make_interval(days => s.days))
                group by a.id) near
        where g.id = near.id
        returning g.id, g.workspace_id as workspace, g.flow_id as flow, g.environment, g.slot, g.expires_at as at, g.told_days as "daysBefore"`,
      [stages, now],
    );
    return rows;
  }

  /** Whether an emergency approval of before is still to be looked at. */
  async hasUnreviewed(tx: EntityManager, workspace: string, before: Date): Promise<boolean> {
    const where = { workspaceId: workspace, emergency: true, reviewedBy: IsNull(), decidedAt: LessThanOrEqual(before) };
    return await this.in(tx).existsBy(where);
  }

  async document(tx: EntityManager, { flowId, version }: Pick<GrantEntity, 'flowId' | 'version'>): Promise<unknown> {
    const rows = await tx.query<{ document: unknown }[]>(
      'select document from flow_version where flow_id = $1 and version = $2',
      [flowId, version],
    );
    return rows[0]?.document;
  }

  async sign(
    tx: EntityManager,
    signature: { grant: string; member: string; at: Date; reason: string; allows: Allowance; hash: string },
  ): Promise<void> {
    const { grant, member, at, reason, allows, hash } = signature;
    await tx.query(
      `insert into grant_signature (grant_id, member_id, signed_at, reason, allows, hash) values ($1, $2, $3, $4, $5, $6)
       on conflict (grant_id, member_id) do update set signed_at = excluded.signed_at, reason = excluded.reason,
         allows = excluded.allows, hash = excluded.hash`,
      [grant, member, at, reason, JSON.stringify(allows), hash],
    );
  }

  async insert(tx: EntityManager, grants: GrantEntity[]): Promise<void> {
    await this.in(tx).insert(grants);
  }

  async change(
    tx: EntityManager,
    id: string,
    change: Partial<Omit<GrantEntity, 'id' | 'workspaceId' | 'asks'>>,
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
