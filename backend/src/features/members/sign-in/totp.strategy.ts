import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { authApi } from '@sluice/shared/api';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';
import { Clock } from '../../../platform/clock.js';
import { Problem } from '../../../platform/problem.js';
import type { MemberEntity } from '../member.entity.js';
import { AuthService } from './auth.service.js';

/** How long a right password waits for its code. */
const pendingMs = 10 * 60_000;

export interface SecondFactorPassed {
  member: MemberEntity;
  recoveryCodes?: string[];
}

/** Second step of sign-in: the code, of the member whose password was right in this browser. */
@Injectable()
export class TotpStrategy extends PassportStrategy(Strategy, 'totp') {
  constructor(
    private readonly auth: AuthService,
    private readonly clock: Clock,
  ) {
    super();
  }

  async validate(req: Request): Promise<SecondFactorPassed> {
    const body = authApi.totp.body.safeParse(req.body);
    if (!body.success) {
      throw new Problem('request.invalid', {
        issues: body.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
      });
    }
    const { pendingMemberId, pendingSince = 0 } = req.session;
    if (pendingMemberId === undefined || pendingSince + pendingMs < this.clock.now())
      throw new Problem('auth.required');
    return await this.auth.finishSignIn(pendingMemberId, body.data.code, req.requestId);
  }
}
