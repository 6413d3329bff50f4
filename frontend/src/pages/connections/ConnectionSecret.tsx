import { Button } from '@mantine/core';
import { type Connection, type ConnectionDetail, connectionsApi } from '@sluice/shared/api';
import { Code } from '../../ui/Code.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import { PublicKey } from './PublicKey.js';
import { useWrite } from '../step-up/use-write.js';
import { authKindNames } from './connection-health.js';
import classes from './Connections.module.css';

const words = { 'in-use': 'in use', kept: 'kept', destroyed: 'destroyed' } as const;

/** The versions of a secret: who set which and when, and which can be gone back to. */
export function ConnectionSecret(props: {
  connection: Connection;
  versions: ConnectionDetail['versions'];
  mayManage: boolean;
}) {
  const { connection, versions } = props;
  const rollBack = useWrite(connectionsApi.rollBack, { renews: [['connections']] });
  return (
    <PanelPart title="Secret" aside="can't be read back">
      {rollBack.problem && <p className={classes.past}>{rollBack.problem.message}</p>}
      <ul className={classes.list}>
        {versions.map((version) => (
          <li key={version.version}>
            <div className={classes.row}>
              <span className={classes.grow}>
                <strong>Version {version.version}</strong> {words[version.state]}
                {version.keptUntil && (
                  <>
                    {' '}
                    until <Time at={version.keptUntil} />
                  </>
                )}
              </span>
              {props.mayManage && version.state === 'kept' && connection.status === 'active' && (
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={rollBack.busy}
                  onClick={() =>
                    rollBack.run({
                      input: { params: { id: connection.id }, body: { version: version.version } },
                      confirm: {
                        title: `Go back to version ${version.version}`,
                        body: 'The next call uses it. The one in use is kept for a day, and then destroyed.',
                        verb: 'Go back',
                      },
                    })
                  }
                >
                  Go back
                </Button>
              )}
            </div>
            <span className="label">
              {authKindNames[version.authKind]}, set by {version.createdBy.name}, <Time at={version.createdAt} />
            </span>
            {typeof version.shown?.['publicKey'] === 'string' && version.state !== 'destroyed' && (
              <PublicKey text={version.shown['publicKey']} />
            )}
            {typeof version.shown?.['clientId'] === 'string' && (
              <span className="label">
                client <Code plain>{version.shown['clientId']}</Code>
              </span>
            )}
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}
