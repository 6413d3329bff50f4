import { Button } from '@mantine/core';
import type { Connection } from '@sluice/shared/api';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { connectionsQuery, connectorsQuery, environmentsQuery, meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { AddConnectionDialog } from './AddConnectionDialog.js';
import { ConnectionPanel } from './ConnectionPanel.js';
import { ConnectionTable } from './ConnectionTable.js';
import { healthOf } from './connection-health.js';

const route = getRouteApi('/inside/connections');

export function ConnectionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const connections = useQuery(connectionsQuery());
  const connectors = useQuery(connectorsQuery()).data?.items ?? [];
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const mayManage = me.permissions.includes('connections.manage');
  const all = connections.data?.items ?? [];
  const opened = all.find(({ id }) => id === search.open);
  const shown = all.filter((connection) => matches(connection, search));
  const problem = connections.error && toProblem(connections.error);
  const openAdd = () => void navigate({ search: { ...search, add: search.connector ?? 'new' } });
  return (
    <Page
      title="Connections"
      subtitle="Credentials, each for one environment. No one can read them back."
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={openAdd}>
            Add connection
          </Button>
        )
      }
      panel={
        opened && (
          <ConnectionPanel
            key={opened.id}
            connection={opened}
            mayManage={mayManage}
            onClose={() => void navigate({ search: { ...search, open: undefined } })}
          />
        )
      }
    >
      {connections.isPending && <LoadingRows what="connections" />}
      {problem && (
        <LoadFailed
          what="Connections"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void connections.refetch()}
        />
      )}
      {connections.data && all.length === 0 && (
        <EmptyState title="No connection yet" action={mayManage && <Button onClick={openAdd}>Add connection</Button>}>
          A connection is a credential for one service in one environment. It is sealed when you save it; flows name a
          slot, and each environment binds its own.
        </EmptyState>
      )}
      {all.length > 0 && (
        <>
          <FailingNotice connections={all} />
          <FilterBar count={plural(shown.length, 'connection')}>
            <SearchField
              label="Name, connector, flow"
              value={search.q ?? ''}
              onChange={(q) => void navigate({ search: { ...search, q: q || undefined }, replace: true })}
            />
            <FilterChip
              name="Connector"
              value={search.connector}
              options={connectors.map(({ id, title }) => ({ value: id, label: title }))}
              onChange={(connector) => void navigate({ search: { ...search, connector } })}
            />
            <FilterChip
              name="Environment"
              value={search.environment}
              options={environments.map(({ name }) => ({ value: name, label: name }))}
              onChange={(environment) => void navigate({ search: { ...search, environment } })}
            />
          </FilterBar>
          {shown.length === 0 ? (
            <EmptyState
              title="No connection matches"
              action={
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  Clear filters
                </Button>
              }
            />
          ) : (
            <ConnectionTable
              connections={shown}
              connectors={connectors}
              environments={environments}
              selectedId={opened?.id}
              onOpen={(id) => void navigate({ search: { ...search, open: id } })}
            />
          )}
        </>
      )}
      {search.add && mayManage && (
        <AddConnectionDialog
          connectors={connectors}
          environments={environments}
          connector={search.add === 'new' ? undefined : search.add}
          environment={search.environment}
          onClose={() => void navigate({ search: { ...search, add: undefined } })}
          onAdded={(id) => void navigate({ search: { ...search, add: undefined, open: id } })}
        />
      )}
    </Page>
  );
}

/** Before the list: what will not work, and where that matters. */
function FailingNotice(props: { connections: readonly Connection[] }) {
  const failing = props.connections.filter((connection) => healthOf(connection) === 'failing');
  if (failing.length === 0) return null;
  const flows = failing.reduce((sum, connection) => sum + connection.usedBy.length, 0);
  return (
    <Notice tone="waiting" title={failing.map(({ name, environment }) => `${name} (${environment})`).join(', ')}>
      {failing.length === 1 ? 'did not pass its' : 'did not pass their'} last test;{' '}
      {plural(flows, 'flow uses', 'flows use')} {failing.length === 1 ? 'it' : 'them'}.
    </Notice>
  );
}

function matches(
  connection: Connection,
  search: { q?: string | undefined; connector?: string | undefined; environment?: string | undefined },
): boolean {
  if (search.connector && connection.connector !== search.connector) return false;
  if (search.environment && connection.environment !== search.environment) return false;
  if (!search.q) return true;
  const words = [
    connection.name,
    connection.connector,
    ...connection.hosts,
    ...connection.usedBy.map(({ name }) => name),
  ];
  return words.join(' ').toLowerCase().includes(search.q.toLowerCase());
}
