import { Injectable } from '@nestjs/common';
import { allowsSomewhere, type Me, permissions } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import type { NewEntry } from '../../../journal/records.js';
import type { Actor } from '../../../platform/actor.js';
import { Clock } from '../../../platform/clock.js';
import { AdminAddresses } from '../../../platform/http/admin-addresses.js';
import { MemberLookup } from '../../../platform/http/access.guard.js';
import { Problem } from '../../../platform/problem.js';
import { actorOf } from '../actor-of.js';
import type { MemberEntity } from '../member.entity.js';
import { enterWorkspace } from '../../../platform/workspace-scope.js';
import { MembersRepository } from '../members.repository.js';
import { TokenBearers } from '../tokens/token-bearers.js';
import { verifyPassword } from './passwords.js';
import { SecondFactorService } from './second-factor.service.js';
import { Throttle } from './throttle.js';

const stepUpMs = 5 * 60_000;

/** Sign-in in two steps, step-up, and who is behind a session. */
@Injectable()
export class AuthService extends MemberLookup {
  constructor(
    private readonly dataSource: DataSource,
    private readonly members: MembersRepository,
    private readonly factor: SecondFactorService,
    private readonly bearers: TokenBearers,
    private readonly admins: AdminAddresses,
    private readonly journal: Journal,
    private readonly throttle: Throttle,
    private readonly clock: Clock,
  ) {
    super();
  }

  async needsSetup(): Promise<boolean> {
    return await this.members.isEmpty();
  }

  /** First step. The same answer, in the same time, for an unknown e-mail and a wrong password. */
  async checkPassword(email: string, password: string, address: string): Promise<MemberEntity> {
    await this.throttle.countPassword(email, address);
    enterWorkspace(await this.members.workspaceOfEmail(email));
    const member = await this.members.findByEmail(email);
    const isRight = await verifyPassword(member?.passwordHash ?? null, password);
    if (!isRight || member === null || member.disabledAt !== null) throw new Problem('auth.wrong_credentials');
    this.admins.assertAllowed(member, address);
    await this.throttle.forgivePassword(email, address);
    return member;
  }

  /** Second step: spends a code, or finishes the enrolment. The session is the caller's to open. */
  async finishSignIn(
    memberId: string,
    code: string,
    requestId: string,
  ): Promise<{ member: MemberEntity; recoveryCodes?: string[] }> {
    enterWorkspace(await this.members.workspaceOf(memberId));
    return await this.tryCode(memberId, async (tx) => {
      const member = await this.active(memberId, tx);
      await this.members.update(tx, memberId, { lastSeenAt: this.clock.date() });
      if (member.totpEnrolledAt === null) {
        const recoveryCodes = await this.factor.enrol(tx, member, code);
        await this.record(tx, member, { action: 'auth.factor_enrolled', requestId });
        await this.record(tx, member, { action: 'auth.signed_in', requestId, detail: { with: 'totp' } });
        return { member, recoveryCodes };
      }
      const used = await this.factor.spend(tx, member, code);
      await this.record(tx, member, { action: 'auth.signed_in', requestId, detail: { with: used } });
      return { member };
    });
  }

  /** A signed-in member who was offered a new factor replaces the old one with it. */
  async replaceFactor(actor: Actor, code: string): Promise<string[]> {
    return await this.tryCode(actor.member, async (tx) => {
      const member = await this.active(actor.member, tx);
      const codes = await this.factor.enrol(tx, member, code);
      await this.record(tx, member, { action: 'auth.factor_replaced', requestId: actor.requestId });
      return codes;
    });
  }

  /** Until when the second factor counts as fresh, in milliseconds. */
  async stepUp(actor: Actor, code: string): Promise<number> {
    return await this.tryCode(actor.member, async (tx) => {
      const member = await this.active(actor.member, tx);
      await this.factor.spend(tx, member, code);
      await this.record(tx, member, { action: 'auth.stepped_up', requestId: actor.requestId });
      return this.clock.now() + stepUpMs;
    });
  }

  /** For enrolment: a pending sign-in may only make a first factor, never replace one. */
  async offerFactor(memberId: string, isSignedIn: boolean): Promise<{ secret: string; uri: string; qr: string }> {
    enterWorkspace(await this.members.workspaceOf(memberId));
    const member = await this.active(memberId);
    if (!isSignedIn && member.totpEnrolledAt !== null) throw new Problem('auth.second_factor_required');
    return await this.factor.offer(member);
  }

  async renewRecoveryCodes(actor: Actor): Promise<string[]> {
    return await this.dataSource.transaction(async (tx) => {
      const member = await this.active(actor.member, tx);
      await this.record(tx, member, { action: 'auth.recovery_codes_renewed', requestId: actor.requestId });
      return await this.factor.renewRecoveryCodes(tx, member.id);
    });
  }

  async recordSignOut(memberId: string, requestId: string): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const member = await this.members.findById(memberId, tx);
      if (member !== null) await this.record(tx, member, { action: 'auth.signed_out', requestId });
    });
  }

  /** No second factor, no session: this holds whatever made the session. */
  override async findActor(memberId: string, requestId: string): Promise<Actor | null> {
    const member = await this.members.behind(memberId);
    return member === null ? null : actorOf(member, requestId);
  }

  override async findBearer(
    token: string,
    from: { address: string; requestId: string },
  ): Promise<{ actor: Actor; refusal: Problem | null } | null> {
    return await this.bearers.find(token, from);
  }

  /** `actor` where somebody asks who he is: a token may do less than its member. */
  async me(memberId: string, steppedUpUntil: number | undefined, actor?: Actor): Promise<Me> {
    const member = await this.active(memberId);
    const holding = actor ?? member;
    const workspace = await this.members.workspace(member.workspaceId);
    const isFresh = steppedUpUntil !== undefined && steppedUpUntil > this.clock.now();
    return {
      id: member.id,
      email: member.email,
      name: member.name,
      roles: member.roles,
      environmentRoles: member.environmentRoles,
      permissions: permissions.filter((permission) => allowsSomewhere(holding, permission)),
      workspace: { id: workspace.id, name: workspace.name },
      secondFactor: member.totpEnrolledAt !== null,
      steppedUpUntil: isFresh ? new Date(steppedUpUntil).toISOString() : null,
    };
  }

  /** A wrong code is counted once its transaction is over: in it that would take a second connection, for which many at once would wait for ever. */
  private async tryCode<T>(memberId: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    await this.throttle.countCode(memberId);
    try {
      const result = await this.dataSource.transaction(work);
      await this.throttle.forgiveCode(memberId);
      return result;
    } catch (error) {
      if (error instanceof Problem && error.code === 'auth.wrong_code') await this.members.countWrongCode(memberId);
      throw error;
    }
  }

  private async active(memberId: string, tx?: EntityManager): Promise<MemberEntity> {
    const member = await this.members.findById(memberId, tx);
    if (member === null || member.disabledAt !== null) throw new Problem('auth.required');
    return member;
  }

  private async record(
    tx: EntityManager,
    member: MemberEntity,
    entry: Pick<NewEntry, 'action' | 'requestId' | 'detail'>,
  ): Promise<void> {
    await this.journal.record(tx, [
      {
        workspace: member.workspaceId,
        actor: { kind: 'member', id: member.id, name: member.name },
        subject: { kind: 'member', id: member.id },
        ...entry,
      },
    ]);
  }
}
