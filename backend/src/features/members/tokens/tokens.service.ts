import { Injectable } from '@nestjs/common';
import { allowsIn, allowsSomewhere, type Permission, type Token } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import type { Actor } from '../../../platform/actor.js';
import { Changes } from '../../../platform/changes.js';
import { Clock } from '../../../platform/clock.js';
import { newId } from '../../../platform/ids.js';
import { Problem } from '../../../platform/problem.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { memberEntry } from '../../member-entry.js';
import { newToken } from './token-secret.js';
import { type TokenRow, TokensRepository } from './tokens.repository.js';

const dayMs = 86_400_000;
/** Enough for one a service; a heap of forgotten tokens is what this ends. */
const mostLive = 50;

export interface NewTokenBody {
  name: string;
  permissions: Permission[];
  environments: string[] | null;
  cidrs: string[];
  expiresInDays: number;
}

/** API tokens as people manage them: each its own, and who manages members all of them. */
@Injectable()
export class TokensService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: TokensRepository,
    private readonly environments: EnvironmentsService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, page: { cursor?: string | undefined; limit: number }): Promise<Token[]> {
    const rows = await this.tokens.list(actor.workspace, { member: whose(actor), ...page });
    return rows.map((row) => this.toReply(row));
  }

  /** The token itself is in this answer and nowhere else. */
  async create(actor: Actor, body: NewTokenBody): Promise<Token & { token: string }> {
    const environments = body.environments === null ? null : [...new Set(body.environments)];
    for (const name of environments ?? []) await this.environments.get(actor.workspace, name);
    assertHeld(actor, body.permissions, environments);
    const { token, prefix, hash } = newToken();
    const id = newId('token');
    const now = this.clock.now();
    const permissions = [...new Set(body.permissions)];
    return await this.dataSource.transaction(async (tx) => {
      if ((await this.tokens.countLive(tx, actor.member, new Date(now))) >= mostLive)
        throw new Problem('token.too_many');
      const { name, cidrs } = body;
      const expiresAt = new Date(now + body.expiresInDays * dayMs);
      await this.tokens.insert(tx, {
        id,
        workspaceId: actor.workspace,
        memberId: actor.member,
        name,
        prefix,
        hash,
        permissions,
        environments,
        cidrs,
        createdAt: new Date(now),
        expiresAt,
        revokedAt: null,
        lastUsedAt: null,
        lastUsedFrom: null,
      });
      await this.changes.notify(tx, 'tokens', id);
      await this.journal.record(tx, [
        memberEntry(actor, 'token.created', {
          subject: { kind: 'token', id },
          detail: { name, prefix, permissions, environments, cidrs, expiresAt: expiresAt.toISOString() },
        }),
      ]);
      return { ...(await this.get(tx, actor, id)), token };
    });
  }

  /** Throws `token.unknown`, for a token of somebody else too. Revoking one again changes nothing. */
  async revoke(actor: Actor, id: string): Promise<Token> {
    return await this.dataSource.transaction(async (tx) => {
      const { name, prefix, owner } = await this.get(tx, actor, id);
      if (await this.tokens.revoke(tx, id, this.clock.date())) {
        await this.changes.notify(tx, 'tokens', id);
        await this.journal.record(tx, [
          memberEntry(actor, 'token.revoked', {
            subject: { kind: 'token', id },
            detail: { name, prefix, owner: owner.id },
          }),
        ]);
      }
      return await this.get(tx, actor, id);
    });
  }

  private async get(tx: EntityManager, actor: Actor, id: string): Promise<Token> {
    const [row] = await this.tokens.list(actor.workspace, { id, member: whose(actor), limit: 1 }, tx);
    if (row === undefined) throw new Problem('token.unknown');
    return this.toReply(row);
  }

  private toReply({ memberId, ownerName, ownerDisabledAt, ...row }: TokenRow): Token {
    const isOver = row.expiresAt.getTime() <= this.clock.now();
    return {
      ...row,
      owner: { id: memberId, name: ownerName },
      status: row.revokedAt !== null ? 'revoked' : isOver ? 'expired' : ownerDisabledAt === null ? 'active' : 'asleep',
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      revokedAt: row.revokedAt?.toISOString() ?? null,
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    };
  }
}

/** Null for everybody's. */
function whose(actor: Actor): string | null {
  return allowsSomewhere(actor, 'members.manage') ? null : actor.member;
}

/** Nobody gives what he lacks. What he loses later the token loses with him. */
function assertHeld(actor: Actor, permissions: readonly Permission[], environments: readonly string[] | null): void {
  for (const permission of permissions) {
    const missing = environments?.find((environment) => !allowsIn(actor, permission, environment));
    if (missing === undefined && allowsSomewhere(actor, permission)) continue;
    throw new Problem('access.denied', {
      message: `A token can't have ${permission}${missing === undefined ? '' : ` in ${missing}`}: you don't have it there yourself.`,
    });
  }
}
