import { Button } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import { IconUserCheck } from '@tabler/icons-react';
import { Code } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { Facts, PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Connections.module.css';

/** What the service granted beside what was approved, and the way to authorize. */
export function ConnectionOAuth(props: {
  connection: Connection;
  oauth: NonNullable<Connection['oauth']>;
  mayManage: boolean;
}) {
  const { connection, oauth } = props;
  // The whole page goes there and comes back to /oauth/callback.
  const authorize = useWrite(connectionsApi.authorize, {
    renews: [],
    onDone: ({ url }) => window.location.assign(url),
  });
  const isActive = connection.status === 'active';
  const isFirst = oauth.status === 'not-authorized';
  return (
    <PanelPart title="Authorization" aside={oauth.needsPerson ? 'by a person' : 'by itself'}>
      {authorize.problem && <Notice tone="failed" title={authorize.problem.message} />}
      {isActive && isFirst && (
        <Notice tone="waiting" title="Nobody has authorized it yet">
          Calls with it are refused until somebody signs in at the service and agrees.
        </Notice>
      )}
      {isActive && oauth.status === 'authorize-again' && (
        <Notice tone="failed" title="It gets no token any more">
          {oauth.failure}
        </Notice>
      )}
      {props.mayManage && isActive && oauth.needsPerson && (
        <div className={classes.deeds}>
          <Button
            variant={oauth.status === 'authorized' ? 'default' : 'filled'}
            leftSection={<IconUserCheck size={15} stroke={1.75} />}
            loading={authorize.busy}
            onClick={() =>
              authorize.run({
                input: { params: { id: connection.id } },
                confirm: {
                  title: `Authorize ${connection.name}`,
                  body: 'You are sent to the service to sign in and agree, and then back here.',
                  verb: 'Go to the service',
                },
              })
            }
          >
            {isFirst ? 'Authorize' : 'Authorize again'}
          </Button>
        </div>
      )}
      <ul className={classes.list}>
        {oauth.approved.map((scope) => (
          <li key={scope} className={classes.row}>
            <span className={classes.grow}>
              <Code plain>{scope}</Code>
            </span>
            <GrantState granted={oauth.granted} scope={scope} />
          </li>
        ))}
      </ul>
      <Facts
        items={[
          ['Token from', oauth.obtainedAt && <Time key="from" at={oauth.obtainedAt} />],
          ['Renewed before', oauth.expiresAt && <Time key="to" at={oauth.expiresAt} />],
        ]}
      />
    </PanelPart>
  );
}

function GrantState(props: { granted: readonly string[] | null; scope: string }) {
  if (props.granted === null) return <span className="voice-3">approved</span>;
  if (props.granted.includes(props.scope)) return <span className="voice-3">granted</span>;
  return <span className={classes.soon}>not granted</span>;
}
