import { Button } from '@mantine/core';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { IconFileImport } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { connectorsQuery, meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { ConnectorPanel } from './ConnectorPanel.js';
import { categoryOptions } from './categories.js';
import { ImportDialog } from './ImportDialog.js';
import classes from '../connections/Connections.module.css';

const route = getRouteApi('/inside/connectors');

const columns: Column<ConnectorDescription>[] = [
  {
    key: 'connector',
    head: 'Connector',
    cell: (connector) => (
      <div className={classes.name}>
        <ConnectorTile name={connector.id} />
        <div>
          <strong>{connector.title}</strong>
          <div className="label">
            {connector.version !== undefined && 'Imported. '}
            {connector.description}
          </div>
        </div>
      </div>
    ),
  },
  {
    key: 'hosts',
    head: 'May talk to',
    hideBelow: 'desk',
    cell: ({ hosts }) =>
      hosts !== 'connection' && hosts.length > 0 ? (
        <span className={classes.hosts}>{hosts.join(', ')}</span>
      ) : (
        <span className="label">{hosts === 'connection' ? 'named by the connection' : 'nobody'}</span>
      ),
  },
  {
    key: 'scopes',
    head: 'Scopes',
    align: 'right',
    hideBelow: 'phone',
    cell: ({ scopes }) => Object.keys(scopes).length,
  },
  {
    key: 'actions',
    head: 'Actions',
    align: 'right',
    hideBelow: 'phone',
    cell: ({ actions, computations }) => actions.length + computations.length,
  },
  { key: 'triggers', head: 'Triggers', align: 'right', hideBelow: 'phone', cell: ({ triggers }) => triggers.length },
];

/** The catalogue: what each service can be asked for, and with which scopes. */
export function ConnectorsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const [isImporting, setImporting] = useState(false);
  const connectors = useQuery(connectorsQuery());
  const all = connectors.data?.items ?? [];
  const words = search.q?.toLowerCase() ?? '';
  const shown = all
    .filter(
      (each) => textOf(each).includes(words) && (search.category === undefined || each.category === search.category),
    )
    .toSorted((one, other) => one.title.localeCompare(other.title, 'en'));
  const opened = all.find(({ id }) => id === search.open);
  const problem = connectors.error && toProblem(connectors.error);
  return (
    <Page
      title="Connectors"
      subtitle="What each service can be asked for, and with which scopes"
      actions={
        me.permissions.includes('connectors.manage') && (
          <Button leftSection={<IconFileImport size={16} stroke={2} />} onClick={() => setImporting(true)}>
            Import an API
          </Button>
        )
      }
      panel={
        opened && (
          <ConnectorPanel
            connector={opened}
            onClose={() => void navigate({ search: { ...search, open: undefined } })}
          />
        )
      }
    >
      {isImporting && (
        <ImportDialog
          onClose={() => setImporting(false)}
          onImported={(open) => {
            setImporting(false);
            void navigate({ search: { q: undefined, open } });
          }}
        />
      )}
      {connectors.isPending && <LoadingRows what="connectors" />}
      {problem && (
        <LoadFailed
          what="Connectors"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void connectors.refetch()}
        />
      )}
      {connectors.data && (
        <>
          <FilterBar count={plural(shown.length, 'connector')}>
            <SearchField
              label="Service"
              value={search.q ?? ''}
              onChange={(q) => void navigate({ search: { ...search, q: q || undefined }, replace: true })}
            />
            <FilterChip
              name="Category"
              value={search.category}
              options={categoryOptions}
              onChange={(category) => void navigate({ search: { ...search, category }, replace: true })}
            />
          </FilterBar>
          {shown.length === 0 ? (
            <EmptyState title="No connector matches" />
          ) : (
            <DataTable
              label="Connectors"
              density="tall"
              columns={columns}
              rows={shown}
              rowId={({ id }) => id}
              selectedId={opened?.id}
              onOpen={({ id }) => void navigate({ search: { ...search, open: id } })}
            />
          )}
        </>
      )}
    </Page>
  );
}

/** What a search goes over: what it does counts as much as its name. */
function textOf({ id, title, description, actions, computations, triggers }: ConnectorDescription): string {
  const deeds = [...actions, ...computations, ...triggers].map((each) => each.title);
  return [id, title, description, ...deeds].join(' ').toLowerCase();
}
