import type { Environment, FlowReply } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../../lib/format-count.js';
import { Avatar } from '../../ui/Avatar.js';
import { ClassTag, type FieldClass, isFieldClass } from '../../ui/ClassTag.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import type { Column } from '../../ui/DataTable.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { flowState } from './flow-state.js';
import { FlowMenu } from './FlowMenu.js';
import classes from './FlowsPage.module.css';

export function flowColumns(props: { environments: readonly Environment[]; mayEdit: boolean }): Column<FlowReply>[] {
  return [
    { key: 'flow', head: 'Flow', cell: (flow) => <FlowName flow={flow} /> },
    {
      key: 'state',
      head: 'State',
      cell: (flow) => {
        const { status, says } = flowState(flow);
        return (
          <StatusBadge status={status} plain>
            {says}
          </StatusBadge>
        );
      },
    },
    {
      key: 'versions',
      head: 'Versions',
      hideBelow: 'phone',
      cell: (flow) => <Versions flow={flow} environments={props.environments} />,
    },
    {
      key: 'runs',
      head: 'Runs today',
      align: 'right',
      hideBelow: 'phone',
      cell: (flow) => formatCount(flow.today.runs),
    },
    {
      key: 'failed',
      head: 'Failed',
      align: 'right',
      hideBelow: 'phone',
      cell: (flow) => (
        <span className={flow.today.failed > 0 ? classes.failed : 'voice-3'}>{formatCount(flow.today.failed)}</span>
      ),
    },
    {
      key: 'last',
      head: 'Last run',
      hideBelow: 'desk',
      cell: (flow) =>
        flow.lastRun ? (
          <Link to="/runs/$runId" params={{ runId: flow.lastRun.id }} className={classes.quietLink}>
            <Time at={flow.lastRun.at} />
          </Link>
        ) : (
          <span className="voice-3">never</span>
        ),
    },
    {
      key: 'owner',
      head: 'Owner',
      hideBelow: 'desk',
      width: 64,
      cell: (flow) => (
        <>
          <Avatar name={flow.owner.name} />
          <span className="for-readers">{flow.owner.name}</span>
        </>
      ),
    },
    {
      key: 'menu',
      head: <span className="for-readers">More</span>,
      width: 44,
      cell: (flow) => <FlowMenu flow={flow} mayEdit={props.mayEdit} />,
    },
  ];
}

function FlowName(props: { flow: FlowReply }) {
  const { flow } = props;
  return (
    <div className={classes.flow}>
      <span className={classes.tiles}>
        {flow.connectors.slice(0, 3).map((connector) => (
          <ConnectorTile key={connector} name={connector} size={26} />
        ))}
      </span>
      <div>
        <Link to="/flows/$flowId" params={{ flowId: flow.id }} className={classes.name}>
          {flow.name}
        </Link>
        <div className={classes.tags}>
          {classesAtStake(flow).map((name) => (
            <ClassTag key={name} name={name} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** How far each version has come, in the environments' own order; an absent one says so. */
function Versions(props: { flow: FlowReply; environments: readonly Environment[] }) {
  const { flow } = props;
  return (
    <div className={classes.versions}>
      {(flow.hasChanges || flow.latestVersion === null) && (
        <span className={classes.draft}>v{(flow.latestVersion ?? 0) + 1} draft</span>
      )}
      {[...props.environments]
        .sort((a, b) => a.position - b.position)
        .map(({ name }) => {
          const running = flow.deployments.find((each) => each.environment === name && each.status === 'active');
          return running ? (
            <EnvironmentChip key={name} name={name} small text={`v${running.version}`} />
          ) : (
            <span key={name} className={classes.absent}>
              not in {name}
            </span>
          );
        })}
    </div>
  );
}

/** What would hurt if it leaked; internal data only where there is nothing else, public data never. */
function classesAtStake(flow: FlowReply): FieldClass[] {
  const named = flow.classes.filter(isFieldClass).filter((name) => name !== 'public');
  const labelled = named.filter((name) => name !== 'internal');
  return labelled.length > 0 ? labelled : named;
}
