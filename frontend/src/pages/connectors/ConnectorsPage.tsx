import type { ConnectorDescription } from '@sluice/shared/connector';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { connectorsQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, SearchField } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { LinkButton } from '../shell/LinkButton.js';
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
          <div className="label">{connector.description}</div>
        </div>
      </div>
    ),
  },
  {
    key: 'hosts',
    head: 'May talk to',
    hideBelow: 'desk',
    cell: ({ hosts }) => (
      <span className={classes.hosts}>{hosts === 'connection' ? 'named by the connection' : hosts.join(', ')}</span>
    ),
  },
  {
    key: 'scopes',
    head: 'Scopes',
    align: 'right',
    hideBelow: 'phone',
    cell: ({ scopes }) => Object.keys(scopes).length,
  },
  { key: 'actions', head: 'Actions', align: 'right', hideBelow: 'phone', cell: ({ actions }) => actions.length },
  { key: 'triggers', head: 'Triggers', align: 'right', hideBelow: 'phone', cell: ({ triggers }) => triggers.length },
];

/** The catalogue: what each service can be asked for, and with which scopes. */
export function ConnectorsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const connectors = useQuery(connectorsQuery());
  const all = connectors.data?.items ?? [];
  const words = search.q?.toLowerCase() ?? '';
  const shown = all.filter((each) => `${each.title} ${each.description} ${each.id}`.toLowerCase().includes(words));
  const opened = all.find(({ id }) => id === search.open);
  const problem = connectors.error && toProblem(connectors.error);
  return (
    <Page
      title="Connectors"
      subtitle="What each service can be asked for, and with which scopes"
      panel={
        opened && (
          <ConnectorPanel
            connector={opened}
            onClose={() => void navigate({ search: { ...search, open: undefined } })}
          />
        )
      }
    >
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

function ConnectorPanel(props: { connector: ConnectorDescription; onClose: () => void }) {
  const { connector } = props;
  return (
    <SidePanel label={connector.title} onClose={props.onClose}>
      <PanelPart>
        <div className={classes.head}>
          <ConnectorTile name={connector.id} size={32} />
          <div>
            <h2 className={classes.title}>{connector.title}</h2>
            <p className="voice-2">{connector.description}</p>
          </div>
        </div>
        {connector.actions.length > 0 && (
          <div className={classes.deeds}>
            <LinkButton to="/connections" search={{ connector: connector.id, add: connector.id }} variant="default">
              Add connection
            </LinkButton>
          </div>
        )}
      </PanelPart>
      <PanelPart title="Scopes">
        {Object.keys(connector.scopes).length === 0 && <p className="voice-3">It needs none.</p>}
        <ul className={classes.list}>
          {Object.entries(connector.scopes).map(([id, scope]) => (
            <li key={id}>
              <Code plain>{id}</Code>
              <span className="label">
                {scope.title} ({scope.risk})
              </span>
            </li>
          ))}
        </ul>
      </PanelPart>
      <PanelPart title="Actions and triggers">
        <ul className={classes.list}>
          {[...connector.triggers, ...connector.actions].map((each) => (
            <li key={each.id}>
              <strong>{each.title}</strong>
              <span className="label">{each.description}</span>
            </li>
          ))}
        </ul>
      </PanelPart>
    </SidePanel>
  );
}
