import { describe, expect, it } from 'vitest';
import type { Pause } from './circuits.js';
import { RetryBudgets } from './retry-budget.js';

function aBudget() {
  const clock = { now: 0 };
  const told: [string, Pause | null][] = [];
  const budgets = new RetryBudgets(
    () => clock.now,
    (host, held) => told.push([host, held]),
  );
  const retries = (count: number, host = 'a') =>
    Array.from({ length: count }, () => budgets.enter(host, true)).filter((seconds) => seconds === 0).length;
  return { clock, told, budgets, retries };
}

describe('RetryBudgets', () => {
  it('lets ten a second go again, with ten seconds saved up, and holds back the rest', () => {
    const { clock, retries } = aBudget();
    expect(retries(150)).toBe(100);
    clock.now += 2000;
    expect(retries(150)).toBe(20);
    clock.now += 3_600_000;
    expect(retries(150)).toBe(100);
  });

  it('lets one more go for each five that are made for the first time, and never holds those back', () => {
    const { budgets, retries } = aBudget();
    retries(150);
    expect(Array.from({ length: 50 }, () => budgets.enter('a', false))).toEqual(Array(50).fill(0));
    expect(retries(150)).toBe(10);
  });

  it('has a budget for each host', () => {
    const { retries } = aBudget();
    retries(150);
    expect(retries(1, 'b')).toBe(1);
  });

  it('puts those off for longer, the more there are, and tells of it and of its end', () => {
    const { clock, told, budgets, retries } = aBudget();
    retries(100);
    const waits = Array.from({ length: 25 }, () => budgets.enter('a', true));
    expect([waits[0], waits[9], waits[10], waits[24]]).toEqual([1, 1, 2, 3]);
    expect(told).toEqual([
      ['a', { failures: 1, until: 1000 }],
      ['a', { failures: 11, until: 2000 }],
      ['a', { failures: 21, until: 3000 }],
    ]);
    clock.now += 1000;
    budgets.enter('a', true);
    expect(told.at(-1)).toEqual(['a', null]);
  });

  it('is not given back by a clock that was set back', () => {
    const { clock, retries } = aBudget();
    clock.now = 10_000;
    retries(150);
    clock.now = 0;
    expect(retries(5)).toBe(0);
  });
});
