import { Button } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import { IconActivity, IconHandStop, IconRotate } from '@tabler/icons-react';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { connectionQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { ConnectionHostKey } from './ConnectionHostKey.js';
import { ConnectionDates } from './ConnectionDates.js';
import { ConnectionOAuth } from './ConnectionOAuth.js';
import { ConnectionReach } from './ConnectionReach.js';
import { ConnectionSecret } from './ConnectionSecret.js';
import { ConnectionUses } from './ConnectionUses.js';
import { LimitsPart } from './LimitsPart.js';
import { healthOf } from './connection-health.js';
import { RotateDialog } from './RotateDialog.js';
import classes from './Connections.module.css';

const renews = [['connections']];

/** One connection: its deeds first, then what it reaches and who uses it. There is no way to read its secret. */
export function ConnectionPanel(props: {
  connection: Connection;
  connector: ConnectorDescription | undefined;
  mayManage: boolean;
  onClose: () => void;
}) {
  const { connection } = props;
  const detail = useQuery(connectionQuery(connection.id)).data;
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
              destroys the sealed secret{connection.oauth && '; the service is asked to take its tokens back'}. It can't
              be started again; a new connection takes its place.
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
      {(problem ?? test.reply ?? connection.lastTest ?? connection.lastError) && (
        <PanelPart>
          {problem ? (
            <Notice tone="failed" title={problem.message} />
          ) : (
            <TestResult
              result={test.reply ?? connection.lastTest}
              at={test.reply ? null : (connection.lastTest?.at ?? null)}
            />
          )}
          {connection.lastError && (
            <Notice tone="failed" title="Its last call could not prove itself">
              {connection.lastError.message} <Time at={connection.lastError.at} />
            </Notice>
          )}
        </PanelPart>
      )}
      {connection.oauth && (
        <ConnectionOAuth connection={connection} oauth={connection.oauth} mayManage={props.mayManage} />
      )}
      {connection.authKind === 'sshKey' && (
        <ConnectionHostKey connection={connection} mayManage={props.mayManage && isActive} />
      )}
      <ConnectionDates connection={connection} mayManage={props.mayManage} />
      {detail && <ConnectionUses detail={detail} connector={props.connector} />}
      <LimitsPart
        connection={connection}
        vendor={props.connector?.limits ?? null}
        mayManage={props.mayManage && isActive}
      />
      {detail && <ConnectionReach detail={detail} />}
      <ConnectionSecret connection={connection} versions={detail?.versions ?? []} mayManage={props.mayManage} />
      {isRotating && props.connector && (
        <RotateDialog
          connection={connection}
          connector={props.connector}
          shown={detail?.versions.find(({ version }) => version === connection.version)?.shown ?? null}
          onClose={() => setRotating(false)}
        />
      )}
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
