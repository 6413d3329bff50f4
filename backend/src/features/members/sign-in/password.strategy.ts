import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { authApi } from '@sluice/shared/api';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';
import { Problem } from '../../../platform/problem.js';
import type { MemberEntity } from '../member.entity.js';
import { AuthService } from './auth.service.js';

/** First step of sign-in: the member whose e-mail and password these are. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, 'password') {
  constructor(private readonly auth: AuthService) {
    super();
  }

  async validate(req: Request): Promise<MemberEntity> {
    const body = authApi.login.body.safeParse(req.body);
    if (!body.success) {
      throw new Problem('request.invalid', {
        issues: body.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
      });
    }
    return await this.auth.checkPassword(body.data.email, body.data.password, req.ip ?? '');
  }
}
