import { Injectable } from '@nestjs/common';
import {
  allowsEverywhere,
  allowsIn,
  type EnvironmentRole,
  isWholeWorkspace,
  type Member,
  type Permission,
  privilegedRoles,
  type Role,
  rolePermissions,
  rolesWith,
} from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { memberEntry } from '../member-entry.js';
import { countsUntil, keepHeld } from './held-lately.js';
import type { MemberEntity } from './member.entity.js';
import { MembersRepository } from './members.repository.js';

const deciderRoles: readonly Role[] = rolesWith('grants.decide');

export interface Deciders {
  /**
   * How many count as able to decide there: with one alone, the slower solo rule stands. And until when, where some
   * count only because they could lately; in milliseconds since 1970.
   */
  countIn(environment: string): { deciders: number; formerUntil: number | null };
  /** Since when this member can. Null: from the start. */
  since: Date | null;
}

export interface RolesGiven {
  roles: Role[];
  environmentRoles: Record<string, EnvironmentRole[]>;
}

@Injectable()
export class MembersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly members: MembersRepository,
    private readonly environments: EnvironmentsService,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async list(workspace: string, after: string | null, limit: number): Promise<Member[]> {
    return (await this.members.list(workspace, after, limit)).map(toReply);
  }

  async deciders(workspace: string, member: string): Promise<Deciders> {
    const [counted, found] = await Promise.all([this.members.listCounted(workspace), this.members.findById(member)]);
    const countIn = (environment: string) => {
      const asked = { permission: 'grants.decide', environment, now: this.clock.now() } as const;
      const ends = counted.map((each) => countsUntil(each, asked)).filter((end) => end !== null);
      const former = ends.filter(Number.isFinite);
      return { deciders: ends.length, formerUntil: former.length === 0 ? null : Math.max(...former) };
    };
    return { countIn, since: found?.deciderSince ?? null };
  }

  /** How many besides one member count as able to do something: in an environment, or, where that is null, in all of them. */
  async countOthers(
    workspace: string,
    { permission, environment, member }: { permission: Permission; environment: string | null; member: string },
  ): Promise<number> {
    const asked = { permission, environment, now: this.clock.now() };
    const counted = await this.members.listCounted(workspace);
    return counted.filter((each) => each.id !== member && countsUntil(each, asked) !== null).length;
  }

  async names(workspace: string): Promise<ReadonlyMap<string, string>> {
    const members = await this.members.list(workspace, null, 10_000);
    return new Map(members.map((member) => [member.id, member.name]));
  }

  /** Inserts an invited member; the one-time link is the caller's to make in the same transaction. */
  async invite(
    actor: Actor,
    body: { email: string; name: string } & RolesGiven,
    makeLink: (tx: EntityManager, memberId: string) => Promise<string>,
  ): Promise<{ member: Member; setupUrl: string }> {
    assertSomeRole(body);
    assertMayGive(actor, body);
    await this.assertEnvironments(actor, body);
    return await this.dataSource.transaction(async (tx) => {
      await this.members.lock(tx, actor.workspace);
      if ((await this.members.workspaceOfEmail(body.email, tx)) !== null) throw new Problem('member.email_taken');
      const member: Partial<MemberEntity> & { id: string } = {
        id: newId('member'),
        workspaceId: actor.workspace,
        ...body,
        deciderSince: mayDecide(body) ? this.clock.date() : null,
        createdAt: this.clock.date(),
      };
      await this.members.insert(tx, member);
      const setupUrl = await makeLink(tx, member.id);
      await this.journal.record(tx, [
        memberEntry(actor, 'member.invited', {
          subject: { kind: 'member', id: member.id },
          detail: { roles: body.roles, environmentRoles: body.environmentRoles },
        }),
      ]);
      const stored = await this.get(actor.workspace, member.id, tx);
      return { member: toReply(stored), setupUrl };
    });
  }

  async update(
    actor: Actor,
    id: string,
    change: { name?: string | undefined; disabled?: boolean | undefined } & Partial<RolesGiven>,
  ): Promise<Member> {
    await this.assertEnvironments(actor, change);
    return await this.dataSource.transaction(async (tx) => {
      await this.members.lock(tx, actor.workspace);
      const member = await this.get(actor.workspace, id, tx);
      assertMayGive(actor, member);
      const given = {
        roles: change.roles ?? member.roles,
        environmentRoles: change.environmentRoles ?? member.environmentRoles,
      };
      const after = {
        name: change.name ?? member.name,
        ...given,
        deciderSince: this.deciderSince(member, given),
        heldLately: member.totpEnrolledAt === null ? [] : keepHeld(member, this.clock.now()),
        disabledAt: change.disabled === undefined ? member.disabledAt : change.disabled ? this.clock.date() : null,
      };
      assertSomeRole(after);
      assertMayGive(actor, after);
      await this.members.update(tx, id, after);
      if (after.disabledAt !== null) await this.members.endSessions(tx, id);
      const losesOwner =
        member.roles.includes('owner') && (!after.roles.includes('owner') || after.disabledAt !== null);
      if (losesOwner) await this.assertOwner(tx, actor.workspace);
      await this.journal.record(tx, [
        memberEntry(actor, 'member.changed', {
          subject: { kind: 'member', id },
          detail: { roles: after.roles, environmentRoles: after.environmentRoles, disabled: after.disabledAt !== null },
        }),
      ]);
      return toReply({ ...member, ...after });
    });
  }

  /** Throws `member.last_owner` when the change took the only one. */
  private async assertOwner(tx: EntityManager, workspace: string): Promise<void> {
    const active = await this.members.listActive(workspace, tx);
    if (!active.some(({ roles }) => roles.includes('owner'))) throw new Problem('member.last_owner');
  }

  /** Who is given the right anew, anywhere, waits anew. */
  private deciderSince(before: MemberEntity, after: RolesGiven): Date | null {
    if (!mayDecide(after)) return null;
    return mayDecide(before) ? before.deciderSince : this.clock.date();
  }

  /** Throws `environment.unknown`. */
  private async assertEnvironments(actor: Actor, { environmentRoles = {} }: Partial<RolesGiven>): Promise<void> {
    for (const name of Object.keys(environmentRoles)) await this.environments.get(actor.workspace, name);
  }

  private async get(workspace: string, id: string, tx: EntityManager): Promise<MemberEntity> {
    const member = await this.members.find(workspace, id, tx);
    if (member === null) throw new Problem('member.unknown');
    return member;
  }
}

function mayDecide({ roles, environmentRoles }: RolesGiven): boolean {
  return [...roles, ...Object.values(environmentRoles).flat()].some((role) => deciderRoles.includes(role));
}

/** Nobody gives, takes or edits what he does not hold himself: so only an owner touches owners. */
function assertMayGive(actor: Actor, { roles, environmentRoles }: RolesGiven): void {
  const missing =
    roles.find((role) => !rolePermissions[role].every((permission) => allowsEverywhere(actor, permission))) ??
    Object.entries(environmentRoles).flatMap(([environment, here]) =>
      here.filter((role) => !rolePermissions[role].every((permission) => mayGiveIn(actor, permission, environment))),
    )[0];
  if (missing !== undefined)
    throw new Problem('access.denied', {
      message: `Only who may do as much as ${missing} may give that role or change somebody who has it.`,
    });
}

/** What a role carries in the whole workspace only, it does not carry in an environment. */
function mayGiveIn(actor: Actor, permission: Permission, environment: string): boolean {
  return isWholeWorkspace(permission) || allowsIn(actor, permission, environment);
}

function assertSomeRole({ roles, environmentRoles }: RolesGiven): void {
  if (roles.length > 0 || Object.values(environmentRoles).some((here) => here.length > 0)) return;
  throw new Problem('request.invalid', {
    issues: [{ path: 'roles', message: 'A member has one role at least, in the workspace or in an environment.' }],
  });
}

/** Whether an invitation or change hands out power that a stolen session must not hand out. */
export function needsStepUp(roles: readonly Role[]): boolean {
  return roles.some((role) => privilegedRoles.includes(role));
}

function toReply(member: MemberEntity): Member {
  return {
    id: member.id,
    email: member.email,
    name: member.name,
    roles: member.roles,
    environmentRoles: member.environmentRoles,
    status: member.disabledAt !== null ? 'disabled' : member.totpEnrolledAt === null ? 'invited' : 'active',
    secondFactor: member.totpEnrolledAt !== null,
    createdAt: member.createdAt.toISOString(),
    lastSeenAt: member.lastSeenAt?.toISOString() ?? null,
  };
}
