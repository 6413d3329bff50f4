import type { RunStep } from '@sluice/shared/api';
import { formatDuration } from '../../lib/format-duration.js';
import type { RunRow } from './run-rows.js';

export interface Segment {
  kind: 'work' | 'wait' | 'failed' | 'in-doubt' | 'running';
  /** Shares of the whole, 0 to 1. */
  from: number;
  to: number;
}
export interface WaterfallRow extends RunRow {
  segments: Segment[];
  /** Null when it never started. */
  tookMs: number | null;
}
export interface Waterfall {
  rows: WaterfallRow[];
  totalMs: number;
  ticks: { at: number; label: string }[];
}

/** When each step worked and when it waited between tries, as shares of the run. */
export function drawWaterfall(lines: readonly RunRow[], span: { from: Date; to: Date }): Waterfall {
  const start = span.from.getTime();
  const totalMs = Math.max(1, span.to.getTime() - start);
  const share = (at: string | null) =>
    Math.min(1, Math.max(0, ((at === null ? span.to.getTime() : new Date(at).getTime()) - start) / totalMs));
  const rows = lines.map(({ step, depth }) => ({
    step,
    depth,
    segments: segmentsOf(step, share),
    tookMs:
      step.startedAt === null
        ? null
        : (step.endedAt === null ? span.to.getTime() : new Date(step.endedAt).getTime()) -
          new Date(step.startedAt).getTime(),
  }));
  return { rows, totalMs, ticks: ticksOf(totalMs) };
}

/** Kinds that do nothing but wait: for a time, for somebody, for another run. */
const waits = new Set(['wait', 'approval', 'callback', 'subflow']);

function segmentsOf(step: RunStep, share: (at: string | null) => number): Segment[] {
  if (step.startedAt === null) return [];
  if (step.attempts.length === 0)
    return [
      {
        kind: waits.has(step.kind) && step.status !== 'failed' ? 'wait' : kindOf(step.status),
        from: share(step.startedAt),
        to: share(step.endedAt),
      },
    ];
  const segments: Segment[] = [];
  let before: number | null = null;
  for (const attempt of step.attempts) {
    const from = share(attempt.startedAt);
    if (before !== null && from > before) segments.push({ kind: 'wait', from: before, to: from });
    before = share(attempt.endedAt);
    segments.push({ kind: kindOf(attempt.status), from, to: before });
  }
  const isStillWaiting = before !== null && step.endedAt === null && step.status !== 'in_doubt';
  if (isStillWaiting && before !== null && before < 1) segments.push({ kind: 'wait', from: before, to: 1 });
  return segments;
}

function kindOf(status: RunStep['status']): Segment['kind'] {
  switch (status) {
    case 'failed':
      return 'failed';
    case 'in_doubt':
      return 'in-doubt';
    case 'running':
      return 'running';
    case 'waiting':
      return 'wait';
    case 'succeeded':
    case 'cancelled':
    case 'skipped':
      return 'work';
  }
}

/** Round marks: 1, 2 or 5 times a power of ten milliseconds (or whole minutes and up), at most eight. */
export function ticksOf(totalMs: number): { at: number; label: string }[] {
  const raw = totalMs / 8;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw) ?? raw;
  const ticks = [];
  for (let at = 0; at <= totalMs * 0.94; at += step)
    ticks.push({ at: at / totalMs, label: at === 0 ? '0' : shortDuration(at) });
  return ticks;
}

function shortDuration(ms: number): string {
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  return ms < 60_000 ? `${Number((ms / 1000).toPrecision(3))} s` : formatDuration(ms);
}
