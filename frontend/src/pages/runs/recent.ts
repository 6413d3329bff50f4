import type { RunSummary } from '@sluice/shared/api';
import type { RunBar } from '../../ui/RunBars.js';

/** Runs by equal slices of a span, for the bars. */
export function sliceRuns(runs: readonly RunSummary[], span: { from: Date; to: Date; slices: number }): RunBar[] {
  const start = span.from.getTime();
  const width = (span.to.getTime() - start) / span.slices;
  const bars = Array.from(
    { length: span.slices },
    (_, index): RunBar => ({ from: new Date(start + index * width), other: 0, failed: 0, inDoubt: 0 }),
  );
  for (const run of runs) {
    const bar = bars[Math.min(span.slices - 1, Math.floor((new Date(run.startedAt).getTime() - start) / width))];
    if (!bar) continue;
    if (run.status === 'failed') bar.failed += 1;
    else if (run.status === 'in_doubt') bar.inDoubt += 1;
    else bar.other += 1;
  }
  return bars;
}

/** The time under which the given share of the ended runs stayed; null when none has ended. */
export function tookUnder(runs: readonly RunSummary[], share: number): number | null {
  const times = runs
    .flatMap((run) => (run.endedAt ? [new Date(run.endedAt).getTime() - new Date(run.startedAt).getTime()] : []))
    .sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
}
