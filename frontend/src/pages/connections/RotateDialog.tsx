import { Button, Modal, Select } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { useState } from 'react';
import { formatDay } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { AuthFields } from './AuthFields.js';
import { authFromDraft, isAuthComplete } from './auth-draft.js';
import { type Shown, startFrom } from './rotation-draft.js';
import classes from './Connections.module.css';

/** A new secret in place of the old one, for all that use the connection. */
export function RotateDialog(props: {
  connection: Connection;
  connector: ConnectorDescription;
  /** What may be seen of the secret in use. */
  shown: Shown;
  onClose: () => void;
}) {
  const { connection, connector } = props;
  const [keepHours, setKeepHours] = useState<string | null>('24');
  const [draft, setDraft] = useState(startFrom(connection, connector, props.shown));
  const rotate = useWrite(connectionsApi.rotate, { renews: [['connections']], onDone: props.onClose });
  return (
    <Modal opened onClose={props.onClose} title={`Rotate ${connection.name}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          rotate.run({
            input: {
              params: { id: connection.id },
              body: { auth: authFromDraft(draft), keepHours: Number(keepHours) },
            },
            confirm: {
              title: `Rotate ${connection.name}`,
              body:
                keepHours === '0'
                  ? 'The next call uses the new secret; the old one is destroyed here.'
                  : `The next call uses the new secret. The old one is kept for ${keepHours} hours, to go back to, and then destroyed.`,
              verb: 'Rotate',
            },
          });
        }}
      >
        <p className="voice-2">
          In <EnvironmentChip name={connection.environment} small />.{' '}
          {draft.kind === 'sshKey'
            ? 'A new pair is made. Both keys are tried while the old one is kept: put the new public key onto the server in that time.'
            : 'Make the new secret at the service first; end the old one there afterwards.'}
        </p>
        {rotate.problem && (
          <Notice tone="failed" title={rotate.problem.message}>
            {rotate.problem.issues.map(({ message }) => message).join(' ')}
          </Notice>
        )}
        {draft.kind === 'oauth2' && (
          <p className="voice-2">
            Client, server and scopes stay: to have others or more, make a new connection, and deploy with it.
          </p>
        )}
        {draft.kind === 'none' && <p>This connection has no credential, so there is nothing to rotate.</p>}
        <AuthFields
          draft={draft}
          connector={connector}
          onChange={setDraft}
          setOn={formatDay(new Date(connection.rotatedAt), now())}
        />
        <Select
          label="Keep the old secret"
          description="Until then you can go back to it."
          allowDeselect={false}
          data={[
            { value: '0', label: 'not at all' },
            { value: '1', label: 'for an hour' },
            { value: '24', label: 'for a day' },
            { value: '168', label: 'for a week' },
          ]}
          value={keepHours}
          onChange={setKeepHours}
        />
        {draft.kind === 'oauth2' && draft.grant === 'authorizationCode' && (
          <Notice tone="waiting" title="It has to be authorized again">
            Until somebody does, calls with it are refused; going back to the old secret makes them work at once.
          </Notice>
        )}
        <div className={classes.foot}>
          <span className={classes.note}>Asks for your second factor.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rotate.busy} disabled={draft.kind === 'none' || !isAuthComplete(draft)}>
            Rotate
          </Button>
        </div>
      </form>
    </Modal>
  );
}
