import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { SetupLinkEntity } from './setup-link.entity.js';

/** One-time things: set-up links and recovery codes. Each is spent by one conditional update. */
@Injectable()
export class AuthRepository {
  async insertLink(tx: EntityManager, link: Omit<SetupLinkEntity, 'usedAt'>): Promise<void> {
    await tx.getRepository(SetupLinkEntity).insert(link);
  }

  /** A restart makes a new first link; the one before stops working. */
  async removeFirstLinks(tx: EntityManager): Promise<void> {
    await tx.getRepository(SetupLinkEntity).delete({ memberId: IsNull() });
  }

  /** The link, if this call is the one that spends it. */
  async spendLink(tx: EntityManager, hash: string, now: Date): Promise<SetupLinkEntity | null> {
    const links = tx.getRepository(SetupLinkEntity);
    const result = await links
      .createQueryBuilder()
      .update()
      .set({ usedAt: now })
      .where('hash = :hash and used_at is null and expires_at > :now', { hash, now })
      .execute();
    return result.affected === 1 ? await links.findOneBy({ hash }) : null;
  }

  async replaceRecoveryCodes(tx: EntityManager, memberId: string, hashes: readonly string[]): Promise<void> {
    const codes = tx.getRepository(RecoveryCodeEntity);
    await codes.delete({ memberId });
    await codes.insert(hashes.map((hash) => ({ memberId, hash })));
  }

  async spendRecoveryCode(
    tx: EntityManager,
    { memberId, hash, now }: { memberId: string; hash: string; now: Date },
  ): Promise<boolean> {
    const result = await tx
      .getRepository(RecoveryCodeEntity)
      .createQueryBuilder()
      .update()
      .set({ usedAt: now })
      .where('member_id = :memberId and hash = :hash and used_at is null', { memberId, hash })
      .execute();
    return result.affected === 1;
  }
}
