import { Button } from '@mantine/core';
import { deadLettersApi } from '@sluice/shared/api';
import { IconRotateClockwise } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, flowsQuery, membersQuery, meQuery, runsQuery } from '../../api/queries.js';
import { now, useNow } from '../../lib/now.js';
import { DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip, TextFilter } from '../../ui/Filters.js';
import { MoreRows } from '../../ui/LiveRows.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { SearchOn } from '../../ui/SearchOn.js';
import { BulkRetryDialog, BulkRetryProgress } from '../runs/BulkRetry.js';
import { useWrite } from '../step-up/use-write.js';
import { SavedViews } from '../views/SavedViews.js';
import { AllDialog } from './AllDialog.js';
import { CloseDialog } from './CloseDialog.js';
import { letterColumns } from './letter-columns.js';
import { RetryOne } from './RetryOne.js';
import classes from './DeadLetters.module.css';

const route = getRouteApi('/inside/dead-letters');
const tabs = [
  { value: undefined, label: 'Open' },
  { value: 'closed', label: 'Closed' },
] as const;
type Asking = { deed: 'retry' | 'close'; run: string } | { deed: 'retryAll' | 'closeAll' | 'reopenAll' };

/** Runs that failed for good: whose they are, how old, and what to do with each or with all that match. */
export function DeadLettersPage() {
  const search = route.useSearch();
  const setSearch = route.useNavigate();
  const navigate = useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const flows = useQuery(flowsQuery()).data?.items ?? [];
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const members = useQuery({ ...membersQuery(), enabled: me.permissions.includes('members.read') }).data?.items ?? [];
  const { show, environment, ...filter } = search;
  const isClosed = show === 'closed';
  const letters = useInfiniteQuery(runsQuery({ ...filter, environment, letter: show ?? 'open' }));
  const rows = useMemo(() => letters.data?.pages.flatMap((page) => page.items) ?? [], [letters.data]);
  const reopen = useWrite(deadLettersApi.reopen, { renews: [['runs']] });
  const [asking, setAsking] = useState<Asking | null>(null);
  const minute = useNow(60_000);
  const mayOperate = me.permissions.includes('runs.operate');
  const isFiltered = environment !== undefined || Object.values(filter).some(Boolean);
  const problem = letters.error && toProblem(letters.error);
  const stop = () => setAsking(null);
  const needsEnvironment = {
    disabled: environment === undefined,
    title: environment === undefined ? 'Choose an environment first' : undefined,
  };

  return (
    <Page
      title="Dead letters"
      subtitle={isClosed ? 'Closed by a person, with a reason' : 'Runs that failed for good and wait for somebody'}
      actions={
        mayOperate &&
        rows.length > 0 &&
        (isClosed ? (
          <Button variant="default" {...needsEnvironment} onClick={() => setAsking({ deed: 'reopenAll' })}>
            Open all again
          </Button>
        ) : (
          <>
            <Button variant="default" {...needsEnvironment} onClick={() => setAsking({ deed: 'closeAll' })}>
              Close all
            </Button>
            <Button
              leftSection={<IconRotateClockwise size={15} stroke={1.75} />}
              {...needsEnvironment}
              onClick={() => setAsking({ deed: 'retryAll' })}
            >
              Retry all
            </Button>
          </>
        ))
      }
    >
      {reopen.problem && <Notice tone="failed" title={reopen.problem.message} />}
      <BulkRetryProgress mayOperate={mayOperate} now={now()} />
      <FilterBar>
        <nav className={classes.tabs} aria-label="Open or closed">
          {tabs.map((tab) => (
            <Link
              key={tab.label}
              to="/dead-letters"
              search={{ ...search, show: tab.value }}
              className={classes.tab}
              data-on={show === tab.value || undefined}
              aria-current={show === tab.value ? 'page' : undefined}
            >
              {tab.label}
            </Link>
          ))}
        </nav>
        <SavedViews screen="dead-letters" search={search} onOpen={(saved) => void setSearch({ search: saved })} />
        <FilterChip
          name="Owner"
          value={search.owner}
          options={[
            { value: me.id, label: 'me' },
            ...members.filter(({ id }) => id !== me.id).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(owner) => void setSearch({ search: { ...search, owner } })}
        />
        <FilterChip
          name="Flow"
          value={search.flow}
          options={flows.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(flow) => void setSearch({ search: { ...search, flow } })}
        />
        <FilterChip
          name="Environment"
          value={environment}
          options={environments.map(({ name }) => ({ value: name, label: name }))}
          onChange={(value) => void setSearch({ search: { ...search, environment: value } })}
        />
        <TextFilter
          label="Error code or step"
          value={search.error ?? ''}
          onChange={(error) => void setSearch({ search: { ...search, error: error || undefined }, replace: true })}
        />
        <TextFilter
          label="Business key, exactly"
          value={search.key ?? ''}
          onChange={(key) => void setSearch({ search: { ...search, key: key || undefined }, replace: true })}
        />
      </FilterBar>
      {letters.isPending && <LoadingRows what="dead letters" rows={12} />}
      {problem && (
        <LoadFailed
          what="Dead letters"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void letters.refetch()}
        />
      )}
      <SearchOn key={JSON.stringify(search)} list={letters} />
      {letters.data && !letters.hasNextPage && rows.length === 0 && (
        <NoLetters isClosed={isClosed} isFiltered={isFiltered} onClear={() => void setSearch({ search: { show } })} />
      )}
      {rows.length > 0 && (
        <DataTable
          label="Dead letters"
          columns={letterColumns({
            closed: isClosed,
            now: minute,
            deeds: mayOperate
              ? {
                  onRetry: ({ id }) => setAsking({ deed: 'retry', run: id }),
                  onClose: ({ id }) => setAsking({ deed: 'close', run: id }),
                  onReopen: ({ id }) => reopen.run({ input: { params: { id } } }),
                }
              : null,
          })}
          rows={rows}
          rowId={({ id }) => id}
          onOpen={({ id }) => void navigate({ to: '/runs/$runId', params: { runId: id } })}
          foot={
            <MoreRows
              shown={rows.length}
              noun="dead letter"
              hasMore={letters.hasNextPage}
              busy={letters.isFetchingNextPage}
              onMore={() => void letters.fetchNextPage()}
            />
          }
        />
      )}
      {asking?.deed === 'retry' && <RetryOne run={asking.run} onClose={stop} />}
      {asking?.deed === 'close' && <CloseDialog run={asking.run} onClose={stop} />}
      {environment !== undefined && asking?.deed === 'retryAll' && (
        <BulkRetryDialog environment={environment} filter={{ letter: 'open', ...filter }} onClose={stop} />
      )}
      {environment !== undefined && (asking?.deed === 'closeAll' || asking?.deed === 'reopenAll') && (
        <AllDialog
          deed={asking.deed === 'closeAll' ? 'close' : 'reopen'}
          environment={environment}
          filter={filter}
          onClose={stop}
        />
      )}
    </Page>
  );
}

function NoLetters(props: { isClosed: boolean; isFiltered: boolean; onClear: () => void }) {
  if (props.isFiltered) {
    return (
      <EmptyState
        title="No dead letter matches"
        action={
          <Button variant="default" onClick={props.onClear}>
            Clear filters
          </Button>
        }
      />
    );
  }
  if (props.isClosed) return <EmptyState title="Nothing was closed yet" />;
  return (
    <EmptyState title="No dead letters">
      A run that fails for good stands here until it is tried again, or somebody closes it with a reason.
    </EmptyState>
  );
}
