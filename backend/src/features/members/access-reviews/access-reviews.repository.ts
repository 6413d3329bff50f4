import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MemberEntity } from '../member.entity.js';

export interface AccessRow
  extends Pick<
    MemberEntity,
    'id' | 'email' | 'name' | 'roles' | 'environmentRoles' | 'totpEnrolledAt' | 'lastSeenAt' | 'createdAt'
  > {
  tokens: { id: string; name: string; lastUsedAt: string | null }[];
  last: { by: { id: string; name: string }; at: string; note: string | null; seen: string } | null;
}

@Injectable()
export class AccessReviewsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Members who may sign in, by name. */
  async list(workspace: string, { member, now }: { member?: string; now: Date }, tx?: EntityManager) {
    return await (tx ?? this.dataSource.manager).query<AccessRow[]>(
      `select m.id, m.email, m.name, m.roles, m.environment_roles as "environmentRoles", m.totp_enrolled_at as "totpEnrolledAt",
              m.last_seen_at as "lastSeenAt", m.created_at as "createdAt",
              (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'lastUsedAt', t.last_used_at) order by t.id), '[]')
                 from api_token t where t.member_id = m.id and t.revoked_at is null and t.expires_at > $3) as tokens,
              (select jsonb_build_object('by', jsonb_build_object('id', b.id, 'name', b.name), 'at', r.at, 'note', r.note, 'seen', r.seen)
                 from access_review r join member b on b.id = r.by_id
                where r.member_id = m.id order by r.at desc, r.id desc limit 1) as last
         from member m
        where m.workspace_id = $1 and ($2::text is null or m.id = $2) and m.disabled_at is null
        order by m.name, m.id`,
      [workspace, member ?? null, now],
    );
  }

  /** Whether this was not told yet: of several processes one is first. */
  async noteTold(tx: EntityManager, member: string, told: string): Promise<boolean> {
    const [rows] = await tx.query<[unknown[], number]>(
      'update member set access_told = $2 where id = $1 and access_told is distinct from $2 returning id',
      [member, told],
    );
    return rows.length > 0;
  }

  async add(
    tx: EntityManager,
    review: { id: string; workspace: string; member: string; by: string; at: Date; seen: string; note: string | null },
  ): Promise<void> {
    const { id, workspace, member, by, at, seen, note } = review;
    await tx.query(
      `insert into access_review (id, workspace_id, member_id, by_id, at, seen, note) values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, workspace, member, by, at, seen, note],
    );
  }
}
