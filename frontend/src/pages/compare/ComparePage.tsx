import { Switch } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { runQuery, runsQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import type { RunReply } from '../run/RunPage.js';
import { compareRuns, isSame } from './compare-runs.js';
import { OtherRun } from './OtherRun.js';
import { RunCard } from './RunCard.js';
import { StepRow } from './StepRow.js';
import classes from './Compare.module.css';

const route = getRouteApi('/inside/runs/$runId/compare');

/** Two runs of one flow, step by step: where they went apart, and which values were others. */
export function ComparePage() {
  const { runId } = route.useParams();
  const { with: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const one = useQuery(runQuery(runId));
  const before = useBefore(one.data);
  const otherId = asked ?? before.id;
  const other = useQuery({ ...runQuery(otherId ?? ''), enabled: otherId !== undefined });
  const failed = one.error ?? before.error ?? other.error;
  const problem = failed && toProblem(failed);
  return (
    <Page
      title="Compare runs"
      heading={
        <>
          <Link to="/runs/$runId" params={{ runId }} className={classes.crumb}>
            Run
          </Link>
          <IconChevronRight size={14} stroke={2} aria-hidden />
          Compare
        </>
      }
      subtitle={one.data?.flow.name}
    >
      {problem && (
        <LoadFailed
          what={other.error ? 'The run to compare with' : 'This run'}
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void Promise.all([one.refetch(), other.refetch()])}
        />
      )}
      {!problem && !one.data && <LoadingRows what="the runs" />}
      {one.data && (
        <div className={classes.runs}>
          <RunCard title="This run" run={one.data} />
          <RunCard title="Compared with" run={other.data}>
            <OtherRun
              run={one.data}
              value={otherId}
              onChange={(id) => void navigate({ search: { with: id }, replace: true })}
            />
          </RunCard>
        </div>
      )}
      {one.data && before.isNone && otherId === undefined && (
        <EmptyState title="No run to compare with">This flow had no run before this one in the environment.</EmptyState>
      )}
      {one.data && other.data && <Steps one={one.data} other={other.data} />}
    </Page>
  );
}

/** The newest one before it that ended well, or else the one before it. */
function useBefore(run: RunReply | undefined): { id: string | undefined; isNone: boolean; error: Error | null } {
  const filter = { flow: run?.flow.id, environment: run?.environment, to: run?.startedAt, limit: 1 };
  const enabled = run !== undefined;
  const good = useInfiniteQuery({ ...runsQuery({ ...filter, status: 'succeeded' }), enabled });
  const any = useInfiniteQuery({ ...runsQuery(filter), enabled });
  const idOf = ({ data }: typeof any) => data?.pages[0]?.items[0]?.id;
  return {
    id: good.isPending ? undefined : (idOf(good) ?? idOf(any)),
    isNone: good.isSuccess && any.isSuccess && idOf(any) === undefined,
    error: good.error ?? any.error,
  };
}

function Steps({ one, other }: { one: RunReply; other: RunReply }) {
  const [showsAll, setShowsAll] = useState(false);
  const pairs = compareRuns(one.steps, other.steps);
  const apart = pairs.filter((pair) => !isSame(pair));
  const shown = showsAll ? pairs : apart;
  return (
    <Card
      flush
      title={
        apart.length === 0 ? 'Every step was the same' : `${plural(apart.length, 'step')} of ${pairs.length} differ`
      }
      aside={
        <Switch
          size="xs"
          label="Show what is the same"
          checked={showsAll}
          onChange={(event) => setShowsAll(event.currentTarget.checked)}
        />
      }
    >
      {shown.map((pair) => (
        <StepRow key={pair.key} pair={pair} />
      ))}
      {shown.length === 0 && (
        <p className={classes.nothing}>
          Same ends, same attempts and same values. Masked values that are equal look equal here too.
        </p>
      )}
    </Card>
  );
}
