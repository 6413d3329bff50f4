import { Injectable } from '@nestjs/common';
import type { AccessReview } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import { type Actor, assertMayEverywhere } from '../../../platform/actor.js';
import { Clock } from '../../../platform/clock.js';
import { newId } from '../../../platform/ids.js';
import { Problem } from '../../../platform/problem.js';
import { memberEntry } from '../../member-entry.js';
import { MembersRepository } from '../members.repository.js';
import { type AccessRow, AccessReviewsRepository } from './access-reviews.repository.js';
import { dueOf, nameAccess } from './due.js';

/** Who looked at what members may do, and when somebody has to again. */
@Injectable()
export class AccessReviewsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reviews: AccessReviewsRepository,
    private readonly members: MembersRepository,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor): Promise<AccessReview[]> {
    assertMayEverywhere(actor, 'audit.read');
    const now = this.clock.date();
    return (await this.reviews.list(actor.workspace, { now })).map((row) => toReply(row, now));
  }

  /** Signs what was seen. Throws `member.unknown`, `access_review.own`, `access_review.changed`. */
  async sign(
    actor: Actor,
    { member, seen, note = '' }: { member: string; seen: string; note?: string | undefined },
  ): Promise<AccessReview> {
    assertMayEverywhere(actor, 'audit.read');
    const { workspace } = actor;
    if (member === actor.member) throw new Problem('access_review.own');
    const now = this.clock.date();
    return await this.dataSource.transaction(async (tx) => {
      // Roles change under the same lock.
      await this.members.lock(tx, workspace);
      const [row] = await this.reviews.list(workspace, { member, now }, tx);
      if (row === undefined) throw new Problem('member.unknown');
      if (nameOf(row) !== seen) throw new Problem('access_review.changed');
      const review = { id: newId('accessReview'), workspace, member, by: actor.member, at: now, seen };
      await this.reviews.add(tx, { ...review, note: note === '' ? null : note });
      const { roles, environmentRoles, tokens } = row;
      await this.journal.record(tx, [
        memberEntry(actor, 'member.access_reviewed', {
          subject: { kind: 'member', id: member },
          detail: { roles, environmentRoles, tokens: tokens.map(({ id }) => id), seen },
        }),
      ]);
      const [signed] = await this.reviews.list(workspace, { member, now }, tx);
      return toReply(signed ?? row, now);
    });
  }
}

export function nameOf({ roles, environmentRoles, tokens }: AccessRow): string {
  return nameAccess({ roles, environmentRoles, tokens: tokens.map(({ id }) => id) });
}

function toReply(row: AccessRow, now: Date): AccessReview {
  const { id, email, name, roles, environmentRoles, totpEnrolledAt, lastSeenAt, tokens, last } = row;
  const seen = nameOf(row);
  const at = last === null ? null : new Date(last.at);
  return {
    member: {
      id,
      email,
      name,
      roles,
      environmentRoles,
      status: totpEnrolledAt === null ? 'invited' : 'active',
      secondFactor: totpEnrolledAt !== null,
      lastSeenAt: lastSeenAt?.toISOString() ?? null,
    },
    tokens: tokens.map(({ lastUsedAt, ...token }) => ({
      ...token,
      lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    })),
    seen,
    reviewed: last === null || at === null ? null : { by: last.by, at: at.toISOString(), note: last.note },
    due: dueOf(seen, last === null || at === null ? null : { seen: last.seen, at }, now.getTime()),
  };
}
