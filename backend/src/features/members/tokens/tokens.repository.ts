import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, Repository } from 'typeorm';
import type { MemberBehind } from '../members.repository.js';
import { TokenEntity } from './token.entity.js';

export type TokenRow = Omit<TokenEntity, 'hash' | 'workspaceId'> & { ownerName: string; ownerDisabledAt: Date | null };

/** A token as the guard needs it, with the member in whose name it asks. */
export type TokenBehind = Omit<TokenEntity, 'hash' | 'workspaceId' | 'memberId' | 'prefix' | 'createdAt'> & {
  member: MemberBehind;
};

@Injectable()
export class TokensRepository {
  constructor(@InjectRepository(TokenEntity) private readonly tokens: Repository<TokenEntity>) {}

  /** Newest first; `member` null for those of everybody. */
  async list(
    workspace: string,
    { id, member, cursor, limit }: { id?: string; member: string | null; cursor?: string | undefined; limit: number },
    tx?: EntityManager,
  ): Promise<TokenRow[]> {
    return await (tx ?? this.tokens.manager).query<TokenRow[]>(
      `select t.id, t.member_id as "memberId", t.name, t.prefix, t.permissions, t.environments, t.cidrs,
              t.created_at as "createdAt", t.expires_at as "expiresAt", t.revoked_at as "revokedAt",
              t.last_used_at as "lastUsedAt", t.last_used_from as "lastUsedFrom",
              m.name as "ownerName", m.disabled_at as "ownerDisabledAt"
         from api_token t join member m on m.id = t.member_id
        where t.workspace_id = $1 and ($2::text is null or t.id = $2) and ($3::text is null or t.member_id = $3)
          and ($4::text is null or t.id < $4)
        order by t.id desc limit $5`,
      [workspace, id ?? null, member, cursor ?? null, limit],
    );
  }

  /** By its hash alone: whose it is and of which workspace, it says itself. */
  async behind(hash: string): Promise<TokenBehind | null> {
    const [row] = await this.tokens.manager.query<TokenBehind[]>(
      `select id, name, permissions, environments, cidrs, expires_at as "expiresAt", revoked_at as "revokedAt",
              last_used_at as "lastUsedAt", last_used_from as "lastUsedFrom",
              json_build_object('id', member_id, 'workspace', workspace_id, 'name', member_name, 'roles', roles,
                'environmentRoles', environment_roles) as member
         from token_behind($1) where may_enter`,
      [hash],
    );
    return row ?? null;
  }

  /** Those of a member that could still be used. */
  async countLive(tx: EntityManager, member: string, now: Date): Promise<number> {
    const [{ count } = { count: 0 }] = await tx.query<{ count: number }[]>(
      'select count(*)::int as count from api_token where member_id = $1 and revoked_at is null and expires_at > $2',
      [member, now],
    );
    return count;
  }

  async insert(tx: EntityManager, token: TokenEntity): Promise<void> {
    await tx.getRepository(TokenEntity).insert(token);
  }

  /** False when it was revoked before. */
  async revoke(tx: EntityManager, id: string, now: Date): Promise<boolean> {
    const { affected } = await tx.getRepository(TokenEntity).update({ id, revokedAt: IsNull() }, { revokedAt: now });
    return affected === 1;
  }

  async noteUse(id: string, use: { at: Date; from: string }): Promise<void> {
    await this.tokens.update({ id }, { lastUsedAt: use.at, lastUsedFrom: use.from });
  }
}
