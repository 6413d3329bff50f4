import { expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

it('gives the burst at once, then so many each second, and each key its own', () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 2 });
  expect([1, 2, 3, 4].map(() => buckets.take('a', 0))).toEqual([0, 0, 0, 1]);
  expect(buckets.take('b', 0)).toBe(0);
  expect([buckets.take('a', 499), buckets.take('a', 500), buckets.take('a', 500)]).toEqual([1, 0, 1]);
  expect([1, 2, 3, 4].map(() => buckets.take('a', 3_600_000))).toEqual([0, 0, 0, 1]);
});

it('takes nothing away when the clock goes back', () => {
  const buckets = new TokenBuckets({ burst: 2, perSecond: 1 });
  buckets.take('a', 10_000);
  expect([buckets.take('a', 0), buckets.take('a', 0)]).toEqual([0, 1]);
});

it('says how long to wait without taking a token', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
  expect([buckets.wait('a', 0), buckets.wait('a', 0), buckets.take('a', 0), buckets.wait('a', 0)]).toEqual([
    0, 0, 0, 1,
  ]);
});

it('gives a key whose rate is its own that rate, and less at once when it is lowered', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
  const own = { burst: 3, perSecond: 0.5 };
  expect([1, 2, 3, 4].map(() => buckets.take('a', 0, own))).toEqual([0, 0, 0, 2]);
  expect([1, 2].map(() => buckets.take('a', 6000, { burst: 1, perSecond: 0.5 }))).toEqual([0, 2]);
});
