import { Controller, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { authApi, type Reply } from '@sluice/shared/api';
import type { Request } from 'express';
import { Clock } from '../../../platform/clock.js';
import { assertSteppedUp } from '../../../platform/http/access.guard.js';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { Problem } from '../../../platform/problem.js';
import type { MemberEntity } from '../member.entity.js';
import { AuthService } from './auth.service.js';
import { endSession, openSession, startPending } from './open-session.js';
import { SessionsService } from './sessions.service.js';
import { SetupService } from './setup.service.js';
import type { SecondFactorPassed } from './totp.strategy.js';

@Controller()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly setups: SetupService,
    private readonly ownSessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  @Route(authApi.status)
  async status(): Promise<Reply<typeof authApi.status>> {
    return { needsSetup: await this.auth.needsSetup() };
  }

  @Route(authApi.setup)
  async setup(@Given() { body, req, requestId }: Asked<typeof authApi.setup>): Promise<Reply<typeof authApi.setup>> {
    const memberId = await this.setups.useLink(body.token, body, requestId);
    await startPending(req, memberId, this.clock);
    return { next: 'enrol' };
  }

  @Route(authApi.login)
  @UseGuards(AuthGuard('password'))
  async login(@Given() { req }: Asked<typeof authApi.login>): Promise<Reply<typeof authApi.login>> {
    const member = passed<MemberEntity>(req);
    await startPending(req, member.id, this.clock);
    return { next: member.totpEnrolledAt === null ? 'enrol' : 'totp' };
  }

  @Route(authApi.enrol)
  async enrol(@Given() { actor, req }: Asked<typeof authApi.enrol>): Promise<Reply<typeof authApi.enrol>> {
    if (actor !== null) assertSteppedUp(req, this.clock);
    return await this.auth.offerFactor(actor?.member ?? pendingMember(req), actor !== null);
  }

  @Route(authApi.totp)
  @UseGuards(AuthGuard('totp'))
  async totp(@Given() { req }: Asked<typeof authApi.totp>): Promise<Reply<typeof authApi.totp>> {
    const { member, recoveryCodes } = passed<SecondFactorPassed>(req);
    await openSession(req, member.id, this.clock);
    return { ...(await this.auth.me(member.id, undefined)), ...(recoveryCodes === undefined ? {} : { recoveryCodes }) };
  }

  @Route(authApi.replaceFactor)
  async replaceFactor(
    @Given() { actor, body }: Asked<typeof authApi.replaceFactor>,
  ): Promise<Reply<typeof authApi.replaceFactor>> {
    return { recoveryCodes: await this.auth.replaceFactor(actor, body.code) };
  }

  @Route(authApi.stepUp)
  async stepUp(@Given() { actor, body, req }: Asked<typeof authApi.stepUp>): Promise<Reply<typeof authApi.stepUp>> {
    const until = await this.auth.stepUp(actor, body.code);
    req.session.steppedUpUntil = until;
    return { steppedUpUntil: new Date(until).toISOString() };
  }

  @Route(authApi.recoveryCodes)
  async recoveryCodes(
    @Given() { actor }: Asked<typeof authApi.recoveryCodes>,
  ): Promise<Reply<typeof authApi.recoveryCodes>> {
    return { recoveryCodes: await this.auth.renewRecoveryCodes(actor) };
  }

  @Route(authApi.logout)
  async logout(
    @Given() { actor, req, requestId }: Asked<typeof authApi.logout>,
  ): Promise<Reply<typeof authApi.logout>> {
    if (actor !== null) await this.auth.recordSignOut(actor.member, requestId);
    await endSession(req);
    return {};
  }

  @Route(authApi.me)
  async me(@Given() { actor, req }: Asked<typeof authApi.me>): Promise<Reply<typeof authApi.me>> {
    const until = actor.token === undefined ? req.session.steppedUpUntil : undefined;
    return await this.auth.me(actor.member, until, actor);
  }

  @Route(authApi.sessions)
  async sessions(@Given() { actor, req }: Asked<typeof authApi.sessions>): Promise<Reply<typeof authApi.sessions>> {
    return await this.ownSessions.list(actor.member, req.sessionID);
  }

  @Route(authApi.revokeSession)
  async revokeSession(
    @Given() { actor, params }: Asked<typeof authApi.revokeSession>,
  ): Promise<Reply<typeof authApi.revokeSession>> {
    await this.ownSessions.revoke(actor, params.id);
    return {};
  }
}

/** What the passport strategy of this route answered. */
function passed<T>(req: Request): T {
  // Passport keeps a strategy's answer in req.user, which is typed for every strategy at once.
  return req.user as T;
}

function pendingMember(req: Request): string {
  const { pendingMemberId } = req.session;
  if (pendingMemberId === undefined) throw new Problem('auth.required');
  return pendingMemberId;
}
