import type { CallLimits } from '@sluice/shared/api';
import { z } from 'zod';
import type { StandingDatabase } from '../standing.js';

/** A process takes tokens for this long at once, and gives up what it did not use after it. */
const leaseMilliseconds = 200;
/** As `take_tokens` has it. */
const longestWaitSeconds = 600;
const mostBuckets = 10_000;

const takenSchema = z.object({ taken: z.number(), wait_seconds: z.number() });

interface Bucket {
  tokens: number;
  /** Tokens at hand are good until then. */
  until: number;
  waiting: { resolve: (seconds: number) => void; reject: (error: unknown) => void }[];
  isAsking: boolean;
}

/**
 * Token buckets that lie in the database, so that all processes together keep one limit. Each process takes what it
 * needs for the next moment, in one statement for all who ask meanwhile.
 */
export class TokenLeases {
  readonly #database: StandingDatabase;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ database, now }: { database: StandingDatabase; now: () => number }) {
    this.#database = database;
    this.#now = now;
  }

  /** 0: a token was taken. Else the seconds after which to come back; those who wait are told to come one by one. */
  async take(key: string, limits: CallLimits): Promise<number> {
    const bucket = this.#find(key);
    if (bucket.tokens > 0 && this.#now() < bucket.until) {
      bucket.tokens -= 1;
      return 0;
    }
    return await new Promise((resolve, reject) => {
      bucket.waiting.push({ resolve, reject });
      if (!bucket.isAsking) void this.#ask(key, bucket, limits);
    });
  }

  /** For a call that was not made after all. */
  giveBack(key: string): void {
    const bucket = this.#find(key);
    bucket.tokens += 1;
    bucket.until = Math.max(bucket.until, this.#now() + leaseMilliseconds);
  }

  async #ask(key: string, bucket: Bucket, limits: CallLimits): Promise<void> {
    bucket.isAsking = true;
    while (bucket.waiting.length > 0) {
      // Whoever asks in this turn of the event loop is served by the same statement.
      await Promise.resolve();
      const callers = bucket.waiting.splice(0);
      try {
        const { taken, wait } = await this.#lease(key, limits, callers.length);
        for (const [at, { resolve }] of callers.entries()) {
          resolve(at < taken ? 0 : Math.min(wait + (at - taken) / limits.callsPerSecond, longestWaitSeconds));
        }
        bucket.tokens = Math.max(0, taken - callers.length);
        bucket.until = this.#now() + leaseMilliseconds;
      } catch (error) {
        for (const { reject } of callers) reject(error);
      }
    }
    bucket.isAsking = false;
  }

  async #lease(key: string, { callsPerSecond, burst }: CallLimits, callers: number) {
    const ahead = Math.floor((callsPerSecond * leaseMilliseconds) / 1000);
    const { rows } = await this.#database.query('select * from take_tokens($1, $2, $3, $4, $5)', [
      key,
      callsPerSecond,
      burst,
      Math.max(ahead, callers),
      callers,
    ]);
    const { taken, wait_seconds: wait } = takenSchema.parse(rows[0]);
    return { taken, wait };
  }

  #find(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    // Dropping an idle one costs at most the tokens it had at hand.
    if (this.#buckets.size >= mostBuckets) {
      for (const [each, { isAsking }] of this.#buckets) if (!isAsking) this.#buckets.delete(each);
    }
    const bucket: Bucket = { tokens: 0, until: 0, waiting: [], isAsking: false };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
