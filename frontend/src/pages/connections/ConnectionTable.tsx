import type { Connection, Environment } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { plural } from '../../lib/format-count.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { authKindNames, healthOf, nearestDate } from './connection-health.js';
import classes from './Connections.module.css';

/** Grouped by environment, what weighs most first: a test key can't be taken for a live one. */
export function ConnectionTable(props: {
  connections: readonly Connection[];
  connectors: readonly ConnectorDescription[];
  environments: readonly Environment[];
  selectedId: string | undefined;
  onOpen: (id: string) => void;
}) {
  const position = new Map(props.environments.map((environment) => [environment.name, environment.position]));
  const rows = [...props.connections].sort(
    (a, b) =>
      (position.get(b.environment) ?? 0) - (position.get(a.environment) ?? 0) ||
      a.status.localeCompare(b.status) ||
      a.name.localeCompare(b.name),
  );
  return (
    <DataTable
      label="Connections"
      density="tall"
      columns={columns(props.connectors)}
      rows={rows}
      rowId={({ id }) => id}
      selectedId={props.selectedId}
      onOpen={({ id }) => props.onOpen(id)}
      group={{
        of: ({ environment }) => environment,
        head: (environment, inside) => (
          <>
            <EnvironmentChip name={environment} small /> &nbsp;{plural(inside.length, 'connection')}
          </>
        ),
      }}
    />
  );
}

function columns(connectors: readonly ConnectorDescription[]): Column<Connection>[] {
  const title = (id: string) => connectors.find((each) => each.id === id)?.title ?? id;
  return [
    {
      key: 'connection',
      head: 'Connection',
      cell: (connection) => (
        <div className={classes.name}>
          <ConnectorTile name={connection.connector} />
          <div>
            <strong>{connection.name}</strong>
            <div className="label">
              {title(connection.connector)}, {authKindNames[connection.authKind].toLowerCase()}
            </div>
          </div>
        </div>
      ),
    },
    { key: 'health', head: 'Health', cell: (connection) => <StatusBadge status={healthOf(connection)} plain /> },
    {
      key: 'hosts',
      head: 'May talk to',
      hideBelow: 'desk',
      cell: ({ hosts }) => (
        <span className={classes.hosts}>
          {hosts[0]}
          {hosts.length > 1 && ` and ${hosts.length - 1} more`}
        </span>
      ),
    },
    {
      key: 'used',
      head: 'Used by',
      align: 'right',
      hideBelow: 'phone',
      cell: ({ usedBy }) =>
        usedBy.length === 0 ? <span className="voice-3">no flow</span> : plural(usedBy.length, 'flow'),
    },
    {
      key: 'last',
      head: 'Last call',
      hideBelow: 'phone',
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : <span className="voice-3">never</span>),
    },
    {
      key: 'dates',
      head: 'Due',
      hideBelow: 'phone',
      cell: (connection) => <NearestDate connection={connection} />,
    },
  ];
}

/** When somebody has to do something about it. `never` is a thing to look at, not a thing to rest on. */
function NearestDate({ connection }: { connection: Connection }) {
  const near = nearestDate(connection);
  if (!near) {
    if (connection.status === 'revoked' || connection.authKind === 'none') return <span className="voice-3">–</span>;
    return <span className={classes.soon}>never</span>;
  }
  return (
    <span className={near.isPast ? classes.past : near.isSoon ? classes.soon : undefined}>
      {near.isPast ? 'since ' : ''}
      <Time at={near.at} as={near.isPast ? 'day' : 'ahead'} />
    </span>
  );
}
