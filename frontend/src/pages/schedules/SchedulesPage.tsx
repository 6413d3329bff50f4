import { Button } from '@mantine/core';
import type { Schedule } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, schedulesQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { zoneName } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { Code } from '../../ui/Code.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { Time } from '../../ui/Time.js';
import { LastRun } from './LastRun.js';
import { SchedulePanel } from './SchedulePanel.js';
import classes from './Schedules.module.css';

const route = getRouteApi('/inside/schedules');

/** What starts by itself, where and when: the next time, the last one and its run. */
export function SchedulesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const schedules = useQuery(schedulesQuery());
  const all = schedules.data?.items ?? [];
  const places = environments.map(({ name }) => name);
  const shown = all
    .filter((schedule) => matches(schedule, search))
    .toSorted((one, other) => places.indexOf(other.environment) - places.indexOf(one.environment));
  const opened = all.find(({ id }) => id === search.open);
  const problem = schedules.error && toProblem(schedules.error);
  return (
    <Page
      title="Schedules"
      subtitle="Deployed flows that start at set times"
      panel={
        opened && (
          <SchedulePanel
            key={opened.id}
            schedule={opened}
            onClose={() => void navigate({ search: { ...search, open: undefined } })}
          />
        )
      }
    >
      {schedules.isPending && <LoadingRows what="schedules" />}
      {problem && (
        <LoadFailed
          what="Schedules"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void schedules.refetch()}
        />
      )}
      {schedules.data && all.length === 0 && (
        <EmptyState title="No schedule yet">
          Deploy a flow whose trigger is a schedule; when it will start, and when it did last, stands here.
        </EmptyState>
      )}
      {all.length > 0 && (
        <FilterBar count={plural(shown.length, 'schedule')}>
          <SearchField
            label="Flow"
            value={search.q ?? ''}
            onChange={(q) => void navigate({ search: { ...search, q: q || undefined }, replace: true })}
          />
          <FilterChip
            name="Environment"
            value={search.environment}
            options={places.map((name) => ({ value: name, label: name }))}
            onChange={(environment) => void navigate({ search: { ...search, environment } })}
          />
        </FilterBar>
      )}
      {all.length > 0 && shown.length === 0 && (
        <EmptyState
          title="No schedule matches"
          action={
            <Button variant="default" onClick={() => void navigate({ search: {} })}>
              Clear filters
            </Button>
          }
        />
      )}
      {shown.length > 0 && (
        <DataTable
          label="Schedules"
          columns={columns().filter(({ key }) => !opened || key !== 'pattern')}
          rows={shown}
          rowId={({ id }) => id}
          selectedId={opened?.id}
          group={{
            of: ({ environment }) => environment,
            head: (name, inside) => (
              <>
                <EnvironmentChip name={name} small /> &nbsp;{plural(inside.length, 'schedule')}
              </>
            ),
          }}
          onOpen={({ id }) => void navigate({ search: { ...search, open: id } })}
        />
      )}
    </Page>
  );
}

function matches(
  schedule: Schedule,
  { q = '', environment }: { q?: string | undefined; environment?: string | undefined },
) {
  return (
    schedule.flow.name.toLowerCase().includes(q.toLowerCase()) &&
    (environment === undefined || schedule.environment === environment)
  );
}

function columns(): Column<Schedule>[] {
  return [
    {
      key: 'flow',
      head: 'Flow',
      cell: ({ flow }) => (
        <Link to="/flows/$flowId" params={{ flowId: flow.id }} className={classes.name}>
          {flow.name}
        </Link>
      ),
    },
    {
      key: 'pattern',
      head: 'Pattern',
      hideBelow: 'phone',
      cell: ({ pattern, timeZone }) => (
        <span className={classes.pattern}>
          <Code plain>{pattern}</Code>
          <span className="label">{timeZone}</span>
        </span>
      ),
    },
    {
      key: 'next',
      head: `Next, ${zoneName(now())}`,
      width: 160,
      cell: ({ next: [first], stopped, lateSince }) => {
        if (stopped !== null) return <span className={classes.late}>stopped</span>;
        return (
          <>
            {first === undefined ? <span className="voice-3">never again</span> : <Time at={first} />}
            {lateSince !== null && <span className={classes.late}> was due, did not run</span>}
          </>
        );
      },
    },
    { key: 'last', head: 'Last', width: 220, hideBelow: 'phone', cell: (schedule) => <LastRun schedule={schedule} /> },
  ];
}
