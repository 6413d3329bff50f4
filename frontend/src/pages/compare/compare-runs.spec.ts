import { describe, expect, it } from 'vitest';
import { aStep } from '../../../test/factories.js';
import { compareRuns, isSame } from './compare-runs.js';

const attempt = {
  attempt: 1,
  startedAt: '2026-11-20T14:00:00.000Z',
  endedAt: null,
  status: 'succeeded' as const,
  error: null,
  call: null,
};

describe('compareRuns', () => {
  it('finds steps that came to the same end with the same values alike', () => {
    const step = aStep({ input: { to: ['a', 'b'] }, output: { id: 7 } });
    expect(compareRuns([step], [{ ...step, startedAt: '2026-11-20T14:00:00.000Z' }]).map(isSame)).toEqual([true]);
  });

  it('names each value that differs by its path, and what one of them lacks', () => {
    const one = aStep({ input: { order: { amount: 1, lines: ['x', 'y'] } }, output: { id: 7 } });
    const other = aStep({ input: { order: { amount: 2, lines: ['x'] } }, output: [7] });
    expect(compareRuns([one], [other])[0]?.values).toEqual([
      { path: 'input.order.amount', one: 1, other: 2 },
      { path: 'input.order.lines[1]', one: 'y', other: undefined },
      { path: 'output', one: { id: 7 }, other: [7] },
    ]);
  });

  it.each([{ status: 'failed' as const }, { port: 'else' }, { attempts: [attempt] }])(
    'sees that a step ended otherwise: %j',
    (changed) => {
      const step = aStep({ status: 'succeeded', port: 'next' });
      const [pair] = compareRuns([step], [{ ...step, ...changed }]);
      expect(pair).toMatchObject({ endsAlike: false, values: [] });
    },
  );

  it('keeps steps that only one of them has, in the order of the first', () => {
    const pairs = compareRuns([aStep({ id: 'b' }), aStep({ id: 'a' })], [aStep({ id: 'a' }), aStep({ id: 'c' })]);
    expect(pairs.map(({ key, one, other }) => [key, one !== null, other !== null])).toEqual([
      ['b', true, false],
      ['a', true, true],
      ['c', false, true],
    ]);
    expect(pairs.map(isSame)).toEqual([false, true, false]);
  });

  it('tells some of very many differences, and counts the others', () => {
    const list = (by: number) => aStep({ output: Array.from({ length: 100 }, (_, n) => n + by) });
    const [pair] = compareRuns([list(0)], [list(1)]);
    expect(pair?.values).toHaveLength(30);
    expect(pair?.more).toBe(70);
  });
});
