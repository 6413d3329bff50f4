import { IconChevronLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, grantsQuery } from '../../api/queries.js';
import { useKeys } from '../../lib/use-keys.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterChip, SearchField } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { Time } from '../../ui/Time.js';
import { ApprovalTabs } from '../decisions/ApprovalTabs.js';
import { QuestionsPage } from '../decisions/QuestionsPage.js';
import { Decision } from './Decision.js';
import { GrantBody } from './GrantBody.js';
import { GrantList } from './GrantList.js';
import { type GrantRequest, requestsOf } from './request.js';
import { useNarrowing } from './use-narrowing.js';
import classes from './Approvals.module.css';

const route = getRouteApi('/inside/approvals');

export function ApprovalsPage() {
  return route.useSearch().view === 'questions' ? <QuestionsPage /> : <GrantsPage />;
}

function GrantsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const grants = useQuery({
    ...grantsQuery(),
    // A sole approver's waiting time ends by the clock: no event tells of it.
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status, soloFrom }) => status === 'pending' && soloFrom) ? 15_000 : false,
  });
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const all = requestsOf(grants.data?.items ?? []).filter((request) => matches(request, search));
  const pending = all.filter(({ isPending }) => isPending);
  const decided = all.filter(({ isPending }) => !isPending);
  const ordered = [...pending, ...decided];
  // Links name one of its grants.
  const opened = ordered.find((request) => request.grants.some(({ id }) => id === search.open));
  // On a wide screen the first request is open from the start; its address is the list's own.
  const shown = opened ?? pending[0];
  const problem = grants.error && toProblem(grants.error);
  const open = (id: string | undefined) => void navigate({ search: { ...search, open: id } });

  function move(step: 1 | -1) {
    const at = ordered.findIndex(({ id }) => id === shown?.id);
    const next = ordered[Math.min(ordered.length - 1, Math.max(0, at + step))];
    if (next) open(next.id);
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => open(undefined),
  });

  return (
    <Page
      bare
      title="Approvals"
      heading={
        opened && (
          <>
            <Link
              to="/approvals"
              search={{ ...search, open: undefined }}
              className={classes.back}
              aria-label="Back to the list"
            >
              <IconChevronLeft size={18} stroke={1.75} />
            </Link>
            Approvals
          </>
        )
      }
      tabs={<ApprovalTabs view="grants" />}
      actions={
        <div className={classes.filters}>
          <SearchField
            label="Flow, host, scope, person"
            value={search.q ?? ''}
            onChange={(q) => void navigate({ search: { ...search, q: q || undefined }, replace: true })}
          />
          <FilterChip
            name="Environment"
            value={search.environment}
            options={environments.map(({ name }) => ({ value: name, label: name }))}
            onChange={(environment) => void navigate({ search: { ...search, environment } })}
          />
        </div>
      }
    >
      <div className={classes.columns} data-open={opened ? true : undefined}>
        {grants.isPending && (
          <div className={classes.only}>
            <LoadingRows what="approvals" />
          </div>
        )}
        {problem && (
          <div className={classes.only}>
            <LoadFailed
              what="Approvals"
              message={problem.message}
              requestId={problem.requestId ?? undefined}
              onRetry={() => void grants.refetch()}
            />
          </div>
        )}
        {grants.data && <GrantList pending={pending} decided={decided} selectedId={shown?.id} search={search} />}
        {grants.data && !shown && (
          <NothingWaits decided={decided} isFiltered={Boolean(search.q || search.environment)} />
        )}
        {shown && <OneRequest key={shown.id} request={shown} onDecided={() => open(shown.id)} />}
      </div>
    </Page>
  );
}

function OneRequest(props: { request: GrantRequest; onDecided: () => void }) {
  const narrowing = useNarrowing();
  return (
    <>
      <GrantBody request={props.request} narrowing={narrowing} />
      <Decision request={props.request} narrowing={narrowing} onDecided={props.onDecided} />
    </>
  );
}

function NothingWaits(props: { decided: readonly GrantRequest[]; isFiltered: boolean }) {
  const last = props.decided[0];
  return (
    <div className={classes.only}>
      <EmptyState title={props.isFiltered ? 'No request matches' : 'Nothing waits for you'}>
        {last ? (
          <>
            The last request came <Time at={last.requestedAt} />, for {last.flow.name}.
          </>
        ) : (
          'When a flow wants more than it was granted, the request stands here: what changes, at what risk, and who asked.'
        )}
      </EmptyState>
    </div>
  );
}

function matches(request: GrantRequest, search: { q?: string | undefined; environment?: string | undefined }): boolean {
  if (search.environment && request.environment !== search.environment) return false;
  if (!search.q) return true;
  const words = [
    request.flow.name,
    request.requestedBy.name,
    ...request.grants.flatMap(({ connector, connection, asks }) => [
      connector,
      connection.name,
      ...asks.scopes,
      ...asks.hosts,
    ]),
  ];
  return words.join(' ').toLowerCase().includes(search.q.toLowerCase());
}
