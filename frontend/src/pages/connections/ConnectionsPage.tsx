import { Button } from '@mantine/core';
import { allowsIn, type Connection } from '@sluice/shared/api';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { connectionsQuery, connectorsQuery, environmentsQuery, meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { formatAhead } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { AddConnectionDialog } from './AddConnectionDialog.js';
import { ConnectionPanel } from './ConnectionPanel.js';
import { ConnectionTable } from './ConnectionTable.js';
import { healthOf, nearestDate } from './connection-health.js';

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
            connector={connectors.find(({ id }) => id === opened.connector)}
            mayManage={allowsIn(me, 'connections.manage', opened.environment)}
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
          <TroubleNotice connections={all} onShow={(health) => void navigate({ search: { ...search, health } })} />
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
            <FilterChip
              name="Health"
              value={search.health}
              options={healthOptions}
              onChange={(health) => void navigate({ search: { ...search, health } })}
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
          environments={environments.filter(({ name }) => allowsIn(me, 'connections.manage', name))}
          connector={search.add === 'new' ? undefined : search.add}
          environment={search.environment}
          onClose={() => void navigate({ search: { ...search, add: undefined } })}
          onAdded={(id) => void navigate({ search: { ...search, add: undefined, open: id } })}
        />
      )}
    </Page>
  );
}

/** Before the list: what does not work or soon won't, and where that matters. */
function TroubleNotice(props: { connections: readonly Connection[]; onShow: (health: string | undefined) => void }) {
  const troubled = props.connections.filter((connection) => troubles.some((one) => one === healthOf(connection)));
  if (troubled.length === 0) return null;
  const flows = new Set(troubled.flatMap(({ usedBy }) => usedBy.map(({ flow }) => flow))).size;
  return (
    <Notice
      tone="waiting"
      title={troubled
        .map((connection) => `${connection.name} (${connection.environment}) ${troubleOf(connection)}`)
        .join(', ')}
      action={
        <Button variant="default" size="compact-sm" onClick={() => props.onShow('trouble')}>
          {troubled.length === 1 ? 'Show it' : 'Show them'}
        </Button>
      }
    >
      {plural(flows, 'flow uses', 'flows use')} {troubled.length === 1 ? 'it' : 'them'}.
    </Notice>
  );
}

const healthOptions = [
  { value: 'trouble', label: 'needs somebody' },
  { value: 'failing', label: 'failing' },
  { value: 'healthy', label: 'healthy' },
  { value: 'revoked', label: 'revoked' },
];
const troubles = ['failing', 'unauthorized', 'overdue', 'expiring'] as const;

function troubleOf(connection: Connection): string {
  const health = healthOf(connection);
  if (health === 'failing') return 'does not work';
  if (health === 'unauthorized') return 'is not authorized';
  const near = nearestDate(connection);
  if (!near) return '';
  const verb = near.kind === 'due' ? 'is due for rotation' : 'expires';
  if (near.isPast) return near.kind === 'due' ? 'is overdue for rotation' : 'has expired';
  return `${verb} ${formatAhead(new Date(near.at), now())}`;
}

function matches(
  connection: Connection,
  search: {
    q?: string | undefined;
    connector?: string | undefined;
    environment?: string | undefined;
    health?: string | undefined;
  },
): boolean {
  const health = healthOf(connection);
  if (search.health === 'trouble' && !troubles.some((one) => one === health)) return false;
  if (search.health && search.health !== 'trouble' && search.health !== health) return false;
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
