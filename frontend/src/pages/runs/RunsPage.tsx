import { Button, SegmentedControl } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { runStatuses } from '@sluice/shared/api';
import { IconPlayerPlay, IconRotateClockwise } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { connectorsQuery, environmentsQuery, flowsQuery, meQuery, runsQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { useSettledRows } from '../../lib/settled-rows.js';
import { useIsAtTop } from '../../lib/use-is-at-top.js';
import { DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip, SearchField, TextFilter } from '../../ui/Filters.js';
import { MoreRows, NewRows } from '../../ui/LiveRows.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { SearchOn } from '../../ui/SearchOn.js';
import { SavedViews } from '../views/SavedViews.js';
import { BulkRetryDialog, BulkRetryProgress } from './BulkRetry.js';
import { RecentRuns } from './RecentRuns.js';
import { RunFlowDialog } from './RunFlowDialog.js';
import { runColumns } from './run-columns.js';

const route = getRouteApi('/inside/runs');
const spans = [
  { value: '90m', label: 'last 90 min', ms: 90 * 60_000 },
  { value: '24h', label: 'last 24 h', ms: 24 * 3_600_000 },
  { value: '7d', label: 'last 7 d', ms: 7 * 86_400_000 },
] as const;
const statusOptions = runStatuses.map((value) => ({ value, label: value.replace('_', ' ') }));

export function RunsPage() {
  const search = route.useSearch();
  const setSearch = route.useNavigate();
  const navigate = useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const flows = useQuery(flowsQuery()).data?.items ?? [];
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const [density, setDensity] = useLocalStorage<'normal' | 'dense'>({ key: 'runs-density', defaultValue: 'dense' });
  const connectors = useQuery(connectorsQuery()).data?.items ?? [];
  const [isStarting, setStarting] = useState(false);
  const [isRetrying, setRetrying] = useState(false);
  const { since, ...filter } = search;
  // The start of the span stands still while its chip stays, so that the query keeps its key.
  const from = useMemo(() => {
    const span = spans.find(({ value }) => value === since);
    return span && new Date(now().getTime() - span.ms).toISOString();
  }, [since]);
  const runs = useInfiniteQuery(runsQuery({ ...filter, from }));
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  const mayOperate = me.permissions.includes('runs.operate');
  const { status, environment, flow, error, key } = search;
  const isEnded = status === 'failed' || status === 'cancelled';
  // What an id or a connector finds is looked at one by one.
  const bulk = isEnded && !search.q && !search.connector ? { status, flow, error, key, from } : null;
  const [mark, isAtTop] = useIsAtTop();
  const { shown, held } = useSettledRows(rows, isAtTop);
  const isFiltered = Object.values(search).some(Boolean);
  const problem = runs.error && toProblem(runs.error);

  return (
    <Page
      title="Runs"
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Density"
            data={[
              { value: 'normal', label: 'Roomy' },
              { value: 'dense', label: 'Dense' },
            ]}
            value={density}
            onChange={(value) => setDensity(value === 'dense' ? 'dense' : 'normal')}
            visibleFrom="sm"
          />
          {mayOperate && bulk && rows.length > 0 && (
            <Button
              variant="default"
              leftSection={<IconRotateClockwise size={15} stroke={1.75} />}
              disabled={environment === undefined}
              title={environment === undefined ? 'Choose an environment first' : undefined}
              onClick={() => setRetrying(true)}
            >
              Retry all
            </Button>
          )}
          {me.permissions.includes('flows.run') && (
            <Button leftSection={<IconPlayerPlay size={15} stroke={1.75} />} onClick={() => setStarting(true)}>
              Run a flow
            </Button>
          )}
        </>
      }
    >
      <div ref={mark} className="list-top" />
      <RecentRuns filter={filter} span={spans.find(({ value }) => value === since) ?? spans[0]} />
      <BulkRetryProgress mayOperate={mayOperate} now={now()} />
      <FilterBar>
        <SavedViews screen="runs" search={search} onOpen={(saved) => void setSearch({ search: saved })} />
        <SearchField
          label="Id or flow"
          value={search.q ?? ''}
          onChange={(q) => void setSearch({ search: { ...search, q: q || undefined }, replace: true })}
        />
        <FilterChip
          name="Started"
          value={search.since}
          options={spans}
          onChange={(value) => void setSearch({ search: { ...search, since: value } })}
        />
        <FilterChip
          name="Flow"
          value={search.flow}
          options={flows.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(flow) => void setSearch({ search: { ...search, flow } })}
        />
        <FilterChip
          name="Environment"
          value={search.environment}
          options={environments.map(({ name }) => ({ value: name, label: name }))}
          onChange={(environment) => void setSearch({ search: { ...search, environment } })}
        />
        <FilterChip
          name="Status"
          value={search.status}
          options={statusOptions}
          onChange={(status) => void setSearch({ search: { ...search, status } })}
        />
        <FilterChip
          name="Connector"
          value={search.connector}
          options={connectors.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(connector) => void setSearch({ search: { ...search, connector } })}
        />
        {/* What an error's message quotes is masked, so nobody searches it; a key is kept as a hash, so it is asked for whole. */}
        <TextFilter
          label="Error code or step"
          value={error ?? ''}
          onChange={(value) => void setSearch({ search: { ...search, error: value || undefined }, replace: true })}
        />
        <TextFilter
          label="Business key, exactly"
          value={key ?? ''}
          onChange={(value) => void setSearch({ search: { ...search, key: value || undefined }, replace: true })}
        />
      </FilterBar>
      {runs.isPending && <LoadingRows what="runs" rows={12} />}
      {problem && (
        <LoadFailed
          what="Runs"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void runs.refetch()}
        />
      )}
      <SearchOn key={JSON.stringify(filter)} list={runs} />
      {runs.data && !runs.hasNextPage && rows.length === 0 && (
        <NoRuns isFiltered={isFiltered} onClear={() => void setSearch({ search: {} })} />
      )}
      <NewRows count={held} onShow={() => mark.current?.scrollIntoView()} />
      {shown.length > 0 && (
        <DataTable
          label="Runs"
          density={density}
          columns={runColumns()}
          rows={shown}
          rowId={({ id }) => id}
          onOpen={({ id }) => void navigate({ to: '/runs/$runId', params: { runId: id } })}
          foot={
            <MoreRows
              shown={rows.length}
              noun="run"
              hasMore={runs.hasNextPage}
              busy={runs.isFetchingNextPage}
              onMore={() => void runs.fetchNextPage()}
            />
          }
        />
      )}
      {isStarting && <RunFlowDialog onClose={() => setStarting(false)} />}
      {isRetrying && bulk && environment !== undefined && (
        <BulkRetryDialog environment={environment} filter={bulk} onClose={() => setRetrying(false)} />
      )}
    </Page>
  );
}

function NoRuns(props: { isFiltered: boolean; onClear: () => void }) {
  if (!props.isFiltered) {
    return (
      <EmptyState title="No run yet">
        A run starts when an event arrives at a deployed flow, or when somebody runs one by hand. Each step stays
        readable here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No run matches"
      action={
        <Button variant="default" onClick={props.onClear}>
          Clear filters
        </Button>
      }
    />
  );
}
