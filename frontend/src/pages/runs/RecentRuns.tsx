import { runsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { formatCount } from '../../lib/format-count.js';
import { formatDuration } from '../../lib/format-duration.js';
import { useNow } from '../../lib/now.js';
import { Figure, Figures } from '../../ui/Figures.js';
import { RunBars } from '../../ui/RunBars.js';
import { sliceRuns, tookUnder } from './recent.js';

const spanMs = 90 * 60_000;
const most = 200;

/** Is it well, since when: the last 90 minutes as figures and a shape. Said to be cut where more ran than are read. */
export function RecentRuns() {
  const minute = useNow(60_000);
  const runs = useQuery({
    queryKey: ['runs', 'recent'],
    queryFn: ({ signal }) =>
      call(runsApi.list, { query: { limit: most, from: new Date(minute.getTime() - spanMs).toISOString() } }, signal),
  });
  const waiting = useQuery({
    queryKey: ['runs', 'waiting'],
    queryFn: ({ signal }) => call(runsApi.list, { query: { status: 'waiting', limit: most } }, signal),
  });
  const inDoubt = useQuery({
    queryKey: ['runs', 'in-doubt'],
    queryFn: ({ signal }) => call(runsApi.list, { query: { status: 'in_doubt', limit: 99 } }, signal),
  });
  if (!runs.data) return null;
  const items = runs.data.items;
  if (items.length === 0 && !waiting.data?.items.length && !inDoubt.data?.items.length) return null;
  const isCut = runs.data.next !== null;
  const oldest = items.at(-1);
  const from = isCut && oldest ? new Date(oldest.startedAt) : new Date(minute.getTime() - spanMs);
  const failed = items.filter(({ status }) => status === 'failed').length;
  const doubts = inDoubt.data?.items.length ?? 0;
  const half = tookUnder(items, 0.5);
  const slow = tookUnder(items, 0.99);
  return (
    <Figures>
      <Figure
        label={isCut ? `Latest ${most}` : 'Last 90 min'}
        value={formatCount(items.length)}
        note={items.length === 1 ? 'run' : 'runs'}
      />
      <Figure
        label="Failed"
        value={failed}
        tone={failed > 0 ? 'failed' : undefined}
        note={items.length > 0 ? `${((failed / items.length) * 100).toFixed(1)} %` : ''}
      />
      <Figure
        label="In doubt"
        value={doubts}
        tone={doubts > 0 ? 'in-doubt' : undefined}
        note={doubts > 0 ? 'need an answer' : 'none'}
      />
      <Figure label="Waiting" value={waiting.data?.items.length ?? 0} note="now" />
      <Figure
        label="Half take under"
        value={half === null ? '–' : formatDuration(half)}
        note={slow === null ? '' : `99 % under ${formatDuration(slow)}`}
      />
      <RunBars bars={sliceRuns(items, { from, to: minute, slices: 90 })} />
    </Figures>
  );
}
