import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { publicOrigin } from '../../../platform/tokens.js';
import { newSecret } from '../../../platform/ids.js';
import { AuthRepository } from './auth.repository.js';
import type { SetupLinkEntity } from './setup-link.entity.js';

const lifeMs = 72 * 3_600_000;

/** Links that let one person, once, choose a password and enrol a second factor. */
@Injectable()
export class SetupLinksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly auth: AuthRepository,
    private readonly clock: Clock,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  /** The address to hand to the invited member; only its hash is kept. */
  async create(tx: EntityManager, memberId: string | null): Promise<string> {
    const token = newSecret();
    const expiresAt = new Date(this.clock.now() + lifeMs);
    await this.auth.insertLink(tx, { hash: tokenHash(token), memberId, expiresAt });
    // After the hash sign, so that it reaches no server log, ours or a proxy's.
    return `${this.origin}/setup#token=${token}`;
  }

  async createFirst(): Promise<string> {
    return await this.dataSource.transaction(async (tx) => {
      await this.auth.removeFirstLinks(tx);
      return await this.create(tx, null);
    });
  }

  async spend(tx: EntityManager, token: string): Promise<SetupLinkEntity | null> {
    return await this.auth.spendLink(tx, tokenHash(token), this.clock.date());
  }
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
