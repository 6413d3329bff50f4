import { Button } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import { IconActivity, IconHandStop, IconRoute, IconRotate } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { plural } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { Facts, PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { authKindNames, healthOf } from './connection-health.js';
import { LimitsPart } from './LimitsPart.js';
import { RotateDialog } from './RotateDialog.js';
import classes from './Connections.module.css';

const renews = [['connections']];

/** One connection: its deeds first, then what it reaches and who uses it. There is no way to read its secret. */
export function ConnectionPanel(props: { connection: Connection; mayManage: boolean; onClose: () => void }) {
  const { connection } = props;
  const [isRotating, setRotating] = useState(false);
  const test = useWrite(connectionsApi.test, { renews });
  const revoke = useWrite(connectionsApi.revoke, { renews });
  const isActive = connection.status === 'active';
  const problem = test.problem ?? revoke.problem;

  function stop() {
    revoke.run({
      input: (reason) => ({ params: { id: connection.id }, body: { reason } }),
      confirm: {
        title: `Stop ${connection.name}`,
        body: (
          <>
            <p>
              Stops it everywhere in <EnvironmentChip name={connection.environment} small /> within a second, and
              destroys the sealed secret. It can't be started again; a new connection takes its place.
            </p>
            {connection.usedBy.length > 0 && (
              <p>
                <strong>{plural(connection.usedBy.length, 'flow')}</strong> will be refused:{' '}
                {connection.usedBy.map(({ name }) => name).join(', ')}.
              </p>
            )}
          </>
        ),
        verb: 'Stop the connection',
        danger: true,
        reasonLabel: 'Reason, kept in the log',
      },
    });
  }

  return (
    <SidePanel label={connection.name} onClose={props.onClose}>
      <PanelPart>
        <div className={classes.head}>
          <ConnectorTile name={connection.connector} size={32} />
          <div>
            <h2 className={classes.title}>{connection.name}</h2>
            <div className={classes.chips}>
              <EnvironmentChip name={connection.environment} small />
              <StatusBadge status={healthOf(connection)} plain />
            </div>
          </div>
        </div>
        {props.mayManage && isActive && (
          <div className={classes.deeds}>
            <Button leftSection={<IconRotate size={15} stroke={1.75} />} onClick={() => setRotating(true)}>
              Rotate
            </Button>
            <Button
              variant="default"
              leftSection={<IconActivity size={15} stroke={1.75} />}
              loading={test.busy}
              onClick={() => test.run({ input: { params: { id: connection.id } } })}
            >
              Test
            </Button>
            <Button
              variant="default"
              className={classes.stop}
              leftSection={<IconHandStop size={15} stroke={1.75} />}
              loading={revoke.busy}
              onClick={stop}
            >
              Stop
            </Button>
          </div>
        )}
      </PanelPart>
      {(problem ?? test.reply ?? connection.lastTest) && (
        <PanelPart>
          {problem ? (
            <Notice tone="failed" title={problem.message} />
          ) : (
            <TestResult
              result={test.reply ?? connection.lastTest}
              at={test.reply ? null : (connection.lastTest?.at ?? null)}
            />
          )}
        </PanelPart>
      )}
      <PanelPart title="May talk to">
        <ul className={classes.list}>
          {connection.hosts.map((host) => (
            <li key={host}>
              <Code plain>{host}</Code>
            </li>
          ))}
        </ul>
      </PanelPart>
      <LimitsPart connection={connection} mayManage={props.mayManage && isActive} />
      <PanelPart title="Used by" aside={plural(connection.usedBy.length, 'flow')}>
        {connection.usedBy.length === 0 && <p className="voice-3">No deployment binds it.</p>}
        <ul className={classes.list}>
          {connection.usedBy.map((use) => (
            <li key={`${use.flow} ${use.slot}`}>
              <Link to="/flows/$flowId" params={{ flowId: use.flow }}>
                <IconRoute size={14} stroke={2} aria-hidden /> {use.name}
              </Link>
              <span className="label">
                as slot <Code plain>{use.slot}</Code>
              </span>
            </li>
          ))}
        </ul>
      </PanelPart>
      <PanelPart title="Secret" aside="can't be read back">
        <Facts
          items={[
            ['Kind', authKindNames[connection.authKind]],
            ['Set', <Time key="set" at={connection.rotatedAt} />],
            ['Times rotated', Math.max(0, connection.version - 1)],
            ['Owner', connection.owner.name],
            ['Last call', connection.lastUsedAt ? <Time key="used" at={connection.lastUsedAt} /> : 'never'],
          ]}
        />
      </PanelPart>
      {isRotating && <RotateDialog connection={connection} onClose={() => setRotating(false)} />}
    </SidePanel>
  );
}

function TestResult(props: { result: { ok: boolean; message: string } | null; at: string | null }) {
  if (!props.result) return null;
  return (
    <Notice
      tone={props.result.ok ? 'succeeded' : 'failed'}
      title={props.result.ok ? 'The service accepted it' : 'The test did not pass'}
    >
      {props.result.message} {props.at && <Time at={props.at} />}
    </Notice>
  );
}
