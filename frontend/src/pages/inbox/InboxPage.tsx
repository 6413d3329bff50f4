import { Button } from '@mantine/core';
import type { TriggerEvent } from '@sluice/shared/api';
import { IconWebhook } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, flowsQuery, inboxQuery, meQuery } from '../../api/queries.js';
import { zoneName } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { useSettledRows } from '../../lib/settled-rows.js';
import { useIsAtTop } from '../../lib/use-is-at-top.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { FilterBar, FilterChip, SearchField, TextFilter } from '../../ui/Filters.js';
import { IdCode } from '../../ui/Code.js';
import { MoreRows, NewRows } from '../../ui/LiveRows.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { SearchOn } from '../../ui/SearchOn.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { SavedViews } from '../views/SavedViews.js';
import { EventPanel } from './EventPanel.js';
import { verdicts } from './verdicts.js';
import classes from './Inbox.module.css';

const route = getRouteApi('/inside/inbox');
const tabs = [
  { value: undefined, label: 'All' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'duplicate', label: 'Duplicate' },
  { value: 'refused', label: 'Refused' },
  { value: 'ignored', label: 'Ignored' },
] as const;

const spans = [
  { value: '24h', label: 'last 24 h', ms: 24 * 3_600_000 },
  { value: '7d', label: 'last 7 d', ms: 7 * 86_400_000 },
  { value: '30d', label: 'last 30 d', ms: 30 * 86_400_000 },
] as const;

export function InboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const flows = useQuery(flowsQuery()).data?.items ?? [];
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const { open, since, ...asked } = search;
  const filter = { since, ...asked };
  // The start of the span stands still while its chip stays, so that the query keeps its key.
  const from = useMemo(() => {
    const span = spans.find(({ value }) => value === since);
    return span && new Date(now().getTime() - span.ms).toISOString();
  }, [since]);
  const events = useInfiniteQuery(inboxQuery({ ...asked, from }));
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.items) ?? [], [events.data]);
  const [mark, isAtTop] = useIsAtTop();
  const { shown, held } = useSettledRows(rows, isAtTop);
  const opened = rows.find(({ id }) => id === open);
  const problem = events.error && toProblem(events.error);
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <Page
      title="Inbox"
      subtitle="Every delivery, stored before it is answered"
      panel={
        opened && (
          <EventPanel
            key={opened.id}
            event={opened}
            mayReplay={me.permissions.includes('inbox.replay')}
            onOpen={(id) => void navigate({ search: { ...search, open: id } })}
            onClose={() => void navigate({ search: { ...search, open: undefined } })}
          />
        )
      }
    >
      <div ref={mark} className="list-top" />
      <FilterBar>
        <nav className={classes.tabs} aria-label="Verdicts">
          {tabs.map((tab) => (
            <Link
              key={tab.label}
              to="/inbox"
              search={{ ...filter, status: tab.value }}
              className={classes.tab}
              data-on={search.status === tab.value || undefined}
              aria-current={search.status === tab.value ? 'page' : undefined}
            >
              {tab.label}
            </Link>
          ))}
        </nav>
        <SavedViews screen="inbox" search={search} onOpen={(saved) => void navigate({ search: saved })} />
        <SearchField
          label="Address, id or reason"
          value={search.q ?? ''}
          onChange={(q) => void navigate({ search: { ...search, q: q || undefined }, replace: true })}
        />
        <TextFilter
          label="Message id, exactly"
          value={search.message ?? ''}
          onChange={(message) => void navigate({ search: { ...search, message: message || undefined }, replace: true })}
        />
        <FilterChip
          name="Received"
          value={since}
          options={spans}
          onChange={(value) => void navigate({ search: { ...search, since: value } })}
        />
        <FilterChip
          name="Flow"
          value={search.flow}
          options={flows.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(flow) => void navigate({ search: { ...search, flow } })}
        />
        <FilterChip
          name="Environment"
          value={search.environment}
          options={environments.map(({ name }) => ({ value: name, label: name }))}
          onChange={(environment) => void navigate({ search: { ...search, environment } })}
        />
      </FilterBar>
      {events.isPending && <LoadingRows what="deliveries" rows={12} />}
      {problem && (
        <LoadFailed
          what="Deliveries"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void events.refetch()}
        />
      )}
      <SearchOn key={JSON.stringify(filter)} list={events} />
      {events.data && !events.hasNextPage && rows.length === 0 && (
        <EmptyState
          title={isFiltered ? 'No delivery matches' : 'No delivery yet'}
          action={
            isFiltered && (
              <Button variant="default" onClick={() => void navigate({ search: {} })}>
                Clear filters
              </Button>
            )
          }
        >
          {!isFiltered &&
            'Deploy a flow that starts with a webhook; what is sent to its address stands here, the refused too, with the reason.'}
        </EmptyState>
      )}
      <NewRows count={held} onShow={() => mark.current?.scrollIntoView()} />
      {shown.length > 0 && (
        <DataTable
          label="Deliveries"
          columns={columns().filter(({ key }) => !opened || (key !== 'message' && key !== 'run'))}
          rows={shown}
          rowId={({ id }) => id}
          selectedId={opened?.id}
          onOpen={({ id }) => void navigate({ search: { ...search, open: id } })}
          foot={
            <MoreRows
              shown={rows.length}
              noun="delivery"
              nouns="deliveries"
              hasMore={events.hasNextPage}
              busy={events.isFetchingNextPage}
              onMore={() => void events.fetchNextPage()}
            />
          }
        />
      )}
    </Page>
  );
}

function columns(): Column<TriggerEvent>[] {
  return [
    {
      key: 'received',
      head: `Received, ${zoneName(now())}`,
      width: 136,
      cell: (event) => <Time at={event.receivedAt} as="precise" />,
    },
    {
      key: 'verdict',
      head: 'Verdict',
      width: 112,
      cell: (event) => (
        <StatusBadge status={verdicts[event.status].status} plain>
          {verdicts[event.status].says}
        </StatusBadge>
      ),
    },
    {
      key: 'flow',
      head: 'Flow',
      cell: (event) => (
        <span className={classes.flow}>
          {event.flow ? (
            <ConnectorTile name="webhook" size={20} />
          ) : (
            <IconWebhook size={16} stroke={1.75} aria-hidden />
          )}
          <span>{event.flow?.name ?? 'unknown address'}</span>
        </span>
      ),
    },
    {
      key: 'environment',
      head: 'Environment',
      width: 116,
      hideBelow: 'phone',
      cell: (event) => event.environment && <EnvironmentChip name={event.environment} small />,
    },
    {
      key: 'message',
      head: 'Event',
      width: 120,
      hideBelow: 'desk',
      cell: (event) => event.messageId && <IdCode id={event.messageId} />,
    },
    {
      key: 'what',
      head: 'What',
      hideBelow: 'phone',
      cell: (event) => (
        <span className={classes.what} data-status={event.status}>
          {event.reason?.message ?? event.scheme}
        </span>
      ),
    },
    {
      key: 'run',
      head: 'Run',
      hideBelow: 'desk',
      cell: (event) =>
        event.run && (
          <Link to="/runs/$runId" params={{ runId: event.run }}>
            <IdCode id={event.run} />
          </Link>
        ),
    },
  ];
}
