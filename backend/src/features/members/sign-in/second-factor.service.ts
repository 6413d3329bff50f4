import { Injectable } from '@nestjs/common';
import { toString as drawQr } from 'qrcode';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { Problem } from '../../../platform/problem.js';
import type { MemberEntity } from '../member.entity.js';
import { MembersRepository } from '../members.repository.js';
import { AuthRepository } from './auth.repository.js';
import { newRecoveryCodes, oneTimeHash } from './one-time.js';
import { SealedTotp } from './sealed-totp.js';
import { matchingTimeStep, newTotpSecret, totpUri } from './totp.js';

/** NIST SP 800-63B-4, 3.2.2: at most 100 wrong tries in a row, then the factor is off. */
const mostWrongCodes = 100;

/** Enrolment and checking of the second factor. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly members: MembersRepository,
    private readonly auth: AuthRepository,
    private readonly sealed: SealedTotp,
    private readonly clock: Clock,
  ) {}

  /** A new seed, in force once a code of it was typed. */
  async offer(member: MemberEntity): Promise<{ secret: string; uri: string; qr: string }> {
    const secret = newTotpSecret();
    const pending = await this.sealed.seal(member, 'totp_pending_sealed', secret);
    await this.dataSource.transaction((tx) => this.members.update(tx, member.id, { totpPendingSealed: pending }));
    const uri = totpUri(secret, member.email);
    const svg = await drawQr(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });
    return { secret, uri, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
  }

  /** Finishes an enrolment: the offered seed becomes the factor. Answers the recovery codes, shown this once. */
  async enrol(tx: EntityManager, member: MemberEntity, code: string): Promise<string[]> {
    if (member.totpPendingSealed === null) throw new Problem('auth.enrolment_required');
    const secret = await this.sealed.open(member, 'totp_pending_sealed', member.totpPendingSealed);
    const step = await matchingTimeStep(secret, code, null);
    if (step === null) throw new Problem('auth.wrong_code');
    await this.members.update(tx, member.id, {
      totpSealed: await this.sealed.seal(member, 'totp_sealed', secret),
      totpPendingSealed: null,
      totpLastStep: String(step),
      totpEnrolledAt: this.clock.date(),
      wrongCodes: 0,
    });
    return await this.renewRecoveryCodes(tx, member.id);
  }

  /** Spends a code of the authenticator, or a recovery code. */
  async spend(tx: EntityManager, member: MemberEntity, code: string): Promise<'totp' | 'recovery'> {
    if (await this.spendRecoveryCode(tx, member, code)) return 'recovery';
    if (member.wrongCodes >= mostWrongCodes) throw new Problem('auth.factor_disabled');
    if (member.totpSealed === null) throw new Problem('auth.enrolment_required');
    const secret = await this.sealed.open(member, 'totp_sealed', member.totpSealed);
    const step = await matchingTimeStep(
      secret,
      code,
      member.totpLastStep === null ? null : Number(member.totpLastStep),
    );
    if (step === null || !(await this.members.spendTimeStep(tx, member.id, step))) throw new Problem('auth.wrong_code');
    return 'totp';
  }

  async renewRecoveryCodes(tx: EntityManager, memberId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.auth.replaceRecoveryCodes(tx, memberId, codes.map(oneTimeHash));
    return codes;
  }

  private async spendRecoveryCode(tx: EntityManager, member: MemberEntity, code: string): Promise<boolean> {
    if (code.length < 10) return false;
    const spent = await this.auth.spendRecoveryCode(tx, {
      memberId: member.id,
      hash: oneTimeHash(code),
      now: this.clock.date(),
    });
    if (spent) await this.members.update(tx, member.id, { wrongCodes: 0 });
    return spent;
  }
}
