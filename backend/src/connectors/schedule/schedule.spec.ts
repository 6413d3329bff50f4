import { describe, expect, it } from 'vitest';
import { planSlots } from './plan.js';
import { patternProblem, slotsAfter, slotsBetween } from './slots.js';

describe('slots', () => {
  const at = (time: string) => Date.parse(time);
  const slots = (pattern: string, now: string, timeZone = 'UTC') => {
    const of = { pattern, timeZone };
    const [last = null] = slotsBetween(of, { after: 0, until: at(now), most: 1 });
    return [last, slotsAfter(of, at(now), 1)[0] ?? null].map((time) =>
      time === null ? null : new Date(time).toISOString(),
    );
  };

  it('are the last one at or before a time and the first one after it', () => {
    expect(slots('0 7 * * *', '2026-11-27T06:59:59.999Z')).toEqual([
      '2026-11-26T07:00:00.000Z',
      '2026-11-27T07:00:00.000Z',
    ]);
    expect(slots('0 7 * * *', '2026-11-27T07:00:00.000Z')).toEqual([
      '2026-11-27T07:00:00.000Z',
      '2026-11-28T07:00:00.000Z',
    ]);
    expect(slots('0 7 * * *', '2026-11-27T07:00:00.001Z')).toEqual([
      '2026-11-27T07:00:00.000Z',
      '2026-11-28T07:00:00.000Z',
    ]);
  });

  it('follow the clocks of their place, once in the hour that comes twice', () => {
    expect(slots('30 2 * * *', '2026-10-25T00:00:00Z', 'Europe/Berlin')[1]).toBe('2026-10-25T00:30:00.000Z');
    expect(slots('30 2 * * *', '2026-10-25T00:30:00Z', 'Europe/Berlin')[1]).toBe('2026-10-26T01:30:00.000Z');
    expect(slots('30 2 * * *', '2027-03-28T00:00:00Z', 'Europe/Berlin')[1]).toBe('2027-03-28T01:00:00.000Z');
  });

  it('that went by come in their order, the newest so many of them, in the nights when clocks change too', () => {
    const between = (pattern: string, [after, until]: [string, string], most = 9) =>
      slotsBetween({ pattern, timeZone: 'Europe/Berlin' }, { after: at(after), until: at(until), most }).map((time) =>
        new Date(time).toISOString().slice(5, 16),
      );
    // 2:30 comes once where 2:00 to 3:00 comes twice, and right after the hour that is left out.
    expect(between('30 2 * * *', ['2026-10-24T00:30:00Z', '2026-10-26T01:30:00Z'])).toEqual([
      '10-25T00:30',
      '10-26T01:30',
    ]);
    expect(between('30 2 * * *', ['2027-03-27T01:30:00Z', '2027-03-29T00:30:00Z'])).toEqual([
      '03-28T01:00',
      '03-29T00:30',
    ]);
    expect(between('*/20 * * * *', ['2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z'], 2)).toEqual([
      '10-25T01:40',
      '10-25T02:00',
    ]);
    expect(slotsAfter({ pattern: '0 0 29 2 *', timeZone: 'UTC' }, at('2026-01-01T00:00:00Z'), 2)).toEqual([
      at('2028-02-29T00:00:00Z'),
      at('2032-02-29T00:00:00Z'),
    ]);
  });

  it.each([
    // One that is only late runs, whatever the trigger says.
    ['once', [0], { fire: [0], passed: [] }],
    ['skip', [0], { fire: [0], passed: [] }],
    ['all', [0], { fire: [0], passed: [] }],
    ['once', [180, 120, 60], { fire: [60], passed: [180, 120] }],
    ['once', [3000, 1500], { fire: [], passed: [3000, 1500] }],
    ['skip', [120, 60, 0], { fire: [0], passed: [120, 60] }],
    ['skip', [60], { fire: [], passed: [60] }],
    ['all', [180, 120, 60], { fire: [120, 60], passed: [180] }],
    ['all', [9000], { fire: [9000], passed: [] }],
  ] as const)('that were missed, %s: of those due %j minutes ago', (missed, minutes, { fire, passed }) => {
    const now = at('2026-11-27T07:00:30Z');
    const ago = (all: readonly number[]) => all.map((one) => at('2026-11-27T07:00:00Z') - one * 60_000);
    expect(planSlots({ missed, mostMissed: 2 }, ago(minutes), now)).toEqual({ fire: ago(fire), passed: ago(passed) });
  });

  it('are refused with what to do for a pattern that names none', () => {
    for (const [pattern, timeZone] of [
      ['0 7 * *', 'UTC'],
      ['0 0 31 2 *', 'UTC'],
      ['99 * * * *', 'UTC'],
      ['* * * * *', 'Mars/Base'],
    ] as const)
      expect(patternProblem({ pattern, timeZone })).toMatch(/pattern/);
    expect(patternProblem({ pattern: '*/5 9-17 * * 1-5', timeZone: 'America/New_York' })).toBeNull();
  });
});
