import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { databasePool } from '../../../platform/tokens.js';
import { Problem } from '../../../platform/problem.js';

/**
 * Slows guessing down without locking anybody else out: wrong tries count for one e-mail from one address, and for
 * the address as a whole. Codes count for the member alone, since a guesser must hold the password already.
 */
@Injectable()
export class Throttle {
  private readonly pair: RateLimiterPostgres;
  private readonly address: RateLimiterPostgres;
  private readonly codes: RateLimiterPostgres;

  constructor(@Inject(databasePool) pool: pg.Pool) {
    const make = (keyPrefix: string, points: number, duration: number) =>
      new RateLimiterPostgres({ storeClient: pool, tableName: 'rate_limit', tableCreated: true, clearExpiredByTimeout: false, keyPrefix, points, duration });
    this.pair = make('login', 10, 15 * 60);
    this.address = make('address', 100, 15 * 60);
    this.codes = make('code', 5, 60);
  }

  async assertMayTryPassword(email: string, address: string): Promise<void> {
    await this.assertFree(this.pair, `${email}|${address}`, 10);
    await this.assertFree(this.address, address, 100);
  }

  async countWrongPassword(email: string, address: string): Promise<void> {
    await Promise.all([this.count(this.pair, `${email}|${address}`), this.count(this.address, address)]);
  }

  async assertMayTryCode(memberId: string): Promise<void> {
    await this.assertFree(this.codes, memberId, 5);
  }

  async countWrongCode(memberId: string): Promise<void> {
    await this.count(this.codes, memberId);
  }

  private async assertFree(limiter: RateLimiterPostgres, key: string, most: number): Promise<void> {
    const state = await limiter.get(key);
    if (state !== null && state.consumedPoints >= most) {
      throw new Problem('auth.locked', { retryAfterSeconds: Math.ceil(state.msBeforeNext / 1000) });
    }
  }

  private async count(limiter: RateLimiterPostgres, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (over) {
      // Going over is counted too; the next try is refused before it is made.
      if (!(over instanceof RateLimiterRes)) throw over;
    }
  }
}
