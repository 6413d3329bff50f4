import type { RunStatus } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { runCountsQuery, type RunFilter } from '../../api/queries.js';
import { formatCount } from '../../lib/format-count.js';
import { formatDuration } from '../../lib/format-duration.js';
import { useNow } from '../../lib/now.js';
import { Figure, Figures } from '../../ui/Figures.js';
import { RunBars } from '../../ui/RunBars.js';

/** Is it well, since when: the runs that the list's filters match in a span, as figures and a shape. */
export function RecentRuns(props: { filter: RunFilter; span: { ms: number; label: string } }) {
  const minute = useNow(60_000);
  const from = new Date(Math.floor(minute.getTime() / 60_000) * 60_000 - props.span.ms).toISOString();
  const counts = useQuery(runCountsQuery({ ...props.filter, from, slices: 90 })).data;
  if (!counts) return null;
  const { open, took } = counts;
  const bars = counts.slices.map(({ from: at, counts: of }) => ({
    from: new Date(at),
    other: totalOf(of) - of.failed - of.in_doubt,
    failed: of.failed,
    inDoubt: of.in_doubt,
  }));
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0);
  const all = bars.reduce((sum, bar) => sum + bar.other + bar.failed + bar.inDoubt, 0);
  if (all === 0 && open.waiting === 0 && open.in_doubt === 0) return null;
  return (
    <Figures>
      <Figure label={props.span.label} value={formatCount(all)} note={all === 1 ? 'run' : 'runs'} />
      <Figure
        label="Failed"
        value={formatCount(failed)}
        tone={failed > 0 ? 'failed' : undefined}
        note={all > 0 ? `${((failed / all) * 100).toFixed(1)} %` : ''}
      />
      <Figure
        label="In doubt"
        value={formatCount(open.in_doubt)}
        tone={open.in_doubt > 0 ? 'in-doubt' : undefined}
        note={open.in_doubt > 0 ? 'need an answer' : 'none'}
      />
      <Figure label="Waiting" value={formatCount(open.waiting)} note="now" />
      <Figure
        label="Half take under"
        value={took === null ? '–' : formatDuration(took.half)}
        note={took === null ? '' : `99 % under ${formatDuration(took.most)}`}
      />
      <RunBars bars={bars} />
    </Figures>
  );
}

function totalOf(counts: Record<RunStatus, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
