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
import type { MemberEntity } from './member.entity.js';
import { MembersRepository } from './members.repository.js';

const deciderRoles: readonly Role[] = rolesWith('grants.decide');

export interface Deciders {
  count: number;
  /** Null: from the start. */
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

  /** How many could decide a grant (with one alone, the slower solo rule stands), and since when this member can. */
  async deciders(workspace: string, member: string): Promise<Deciders> {
    const [count, found] = await Promise.all([
      this.members.countActive(workspace, deciderRoles),
      this.members.findById(member),
    ]);
    return { count, since: found?.deciderSince ?? null };
  }

  /** How many besides one member may do something. */
  async countOthers(workspace: string, permission: Permission, member: string): Promise<number> {
    return await this.members.countOthers(workspace, rolesWith(permission), member);
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
        disabledAt: change.disabled === undefined ? member.disabledAt : change.disabled ? this.clock.date() : null,
      };
      assertSomeRole(after);
      assertMayGive(actor, after);
      await this.members.update(tx, id, after);
      if (after.disabledAt !== null) await this.members.endSessions(tx, id);
      const losesOwner =
        member.roles.includes('owner') && (!after.roles.includes('owner') || after.disabledAt !== null);
      if (losesOwner && (await this.members.countActive(actor.workspace, ['owner'], tx)) === 0)
        throw new Problem('member.last_owner');
      await this.journal.record(tx, [
        memberEntry(actor, 'member.changed', {
          subject: { kind: 'member', id },
          detail: { roles: after.roles, environmentRoles: after.environmentRoles, disabled: after.disabledAt !== null },
        }),
      ]);
      return toReply({ ...member, ...after });
    });
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
