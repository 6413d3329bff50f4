import { describe, expect, it } from 'vitest';
import { aStep } from '../../../test/factories.js';
import { drawWaterfall, ticksOf } from './waterfall.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 13, 0, seconds)).toISOString();
const span = { from: new Date(at(0)), to: new Date(at(40)) };
const attempt = (
  n: number,
  from: number,
  to: number | null,
  status: 'failed' | 'succeeded' | 'running' | 'in_doubt',
) => ({
  attempt: n,
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  status,
  error: null,
  call: null,
});

describe('the waterfall', () => {
  it('draws waits between tries apart from work', () => {
    const step = aStep({
      startedAt: at(0),
      endedAt: at(20),
      attempts: [attempt(1, 0, 4, 'failed'), attempt(2, 10, 20, 'succeeded')],
    });

    const [row] = drawWaterfall([{ step, depth: 0 }], span).rows;

    expect(row?.segments).toEqual([
      { kind: 'failed', from: 0, to: 0.1 },
      { kind: 'wait', from: 0.1, to: 0.25 },
      { kind: 'work', from: 0.25, to: 0.5 },
    ]);
    expect(row?.tookMs).toBe(20_000);
  });

  it('goes on waiting until now for a step whose next try is still ahead', () => {
    const step = aStep({ status: 'waiting', startedAt: at(0), endedAt: null, attempts: [attempt(1, 0, 4, 'failed')] });

    expect(drawWaterfall([{ step, depth: 0 }], span).rows[0]?.segments.at(-1)).toEqual({
      kind: 'wait',
      from: 0.1,
      to: 1,
    });
  });

  it('draws a step in doubt only as long as its try took', () => {
    const step = aStep({
      status: 'in_doubt',
      startedAt: at(0),
      endedAt: null,
      attempts: [attempt(1, 0, 4, 'in_doubt')],
    });

    expect(drawWaterfall([{ step, depth: 0 }], span).rows[0]?.segments).toEqual([
      { kind: 'in-doubt', from: 0, to: 0.1 },
    ]);
  });

  it('draws what a person took to decide as a wait', () => {
    const step = aStep({ kind: 'approval', startedAt: at(0), endedAt: at(20) });
    expect(drawWaterfall([{ step, depth: 0 }], span).rows[0]?.segments).toEqual([{ kind: 'wait', from: 0, to: 0.5 }]);
  });

  it('draws nothing for a step that never started', () => {
    const never = aStep({ status: 'skipped', startedAt: null, endedAt: null });
    const [row] = drawWaterfall([{ step: never, depth: 0 }], span).rows;

    expect(row).toMatchObject({ segments: [], tookMs: null });
  });

  it.each([12, 340, 1999, 31_900, 500_000])('marks %i ms at round times, few of them', (totalMs) => {
    const ticks = ticksOf(totalMs);

    expect(ticks[0]).toEqual({ at: 0, label: '0' });
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(9);
  });
});
