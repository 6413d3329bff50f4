import { describe, expect, it } from 'vitest';
import { connectorContract } from '../../../test/connector-contract.js';
import { connector } from './index.js';
import { patternProblem, slotsAround } from './slots.js';

connectorContract({ connector });

describe('slots', () => {
  const at = (time: string) => Date.parse(time);
  const slots = (pattern: string, now: string, timeZone = 'UTC') => {
    const { next, last } = slotsAround({ pattern, timeZone }, at(now));
    return [last, next].map((time) => (time === null ? null : new Date(time).toISOString()));
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
