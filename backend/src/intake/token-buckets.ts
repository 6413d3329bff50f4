/** So many at once, and so many more each second. */
export interface Rate {
  burst: number;
  perSecond: number;
}

const mostKept = 10_000;

/** One bucket a key. A key that wasn't seen for long costs nothing. */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly rate: Rate) {}

  /** Takes a token: 0 when there was one, else the seconds until there will be. `now` in milliseconds. */
  take(key: string, now: number, rate = this.rate): number {
    const wait = this.wait(key, now, rate);
    const bucket = this.buckets.get(key);
    if (wait === 0 && bucket !== undefined) bucket.tokens -= 1;
    return wait;
  }

  /** The same without taking one. A key may have a rate of its own. */
  wait(key: string, now: number, { burst, perSecond } = this.rate): number {
    const bucket = this.buckets.get(key) ?? this.add(key, { tokens: burst, at: now });
    // Full again by now, or the clock went back: never fewer tokens than before.
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    return bucket.tokens < 1 ? Math.ceil((1 - bucket.tokens) / perSecond) : 0;
  }

  private add(key: string, bucket: { tokens: number; at: number }): { tokens: number; at: number } {
    const [oldest] = this.buckets.size >= mostKept ? this.buckets.keys() : [];
    if (oldest !== undefined) this.buckets.delete(oldest);
    this.buckets.set(key, bucket);
    return bucket;
  }
}
