import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { databasePool } from '../../../platform/tokens.js';
import { Problem } from '../../../platform/problem.js';

/**
 * Slows guessing down without locking anybody else out: wrong tries count for one e-mail from one address, and for
 * the address as a whole. Codes count for the member alone, since a guesser must hold the password already. A try is
 * counted before it is made and forgiven when it was right: of many at once no more than the limit get through.
 */
@Injectable()
export class Throttle {
  private readonly pair: RateLimiterPostgres;
  private readonly address: RateLimiterPostgres;
  private readonly codes: RateLimiterPostgres;

  constructor(@Inject(databasePool) pool: pg.Pool) {
    const make = (keyPrefix: string, points: number, duration: number) =>
      new RateLimiterPostgres({
        storeClient: pool,
        tableName: 'rate_limit',
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix,
        points,
        duration,
      });
    this.pair = make('login', 10, 15 * 60);
    this.address = make('address', 100, 15 * 60);
    this.codes = make('code', 5, 60);
  }

  /** Throws `auth.locked`. */
  async countPassword(email: string, address: string): Promise<void> {
    await this.count(this.pair, `${email}|${address}`);
    await this.count(this.address, address);
  }

  async forgivePassword(email: string, address: string): Promise<void> {
    await Promise.all([this.pair.reward(`${email}|${address}`), this.address.reward(address)]);
  }

  /** Throws `auth.locked`. */
  async countCode(memberId: string): Promise<void> {
    await this.count(this.codes, memberId);
  }

  async forgiveCode(memberId: string): Promise<void> {
    await this.codes.reward(memberId);
  }

  private async count(limiter: RateLimiterPostgres, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (over) {
      if (!(over instanceof RateLimiterRes)) throw over;
      throw new Problem('auth.locked', { retryAfterSeconds: Math.ceil(over.msBeforeNext / 1000) });
    }
  }
}
