import { Button, Modal } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import { useState } from 'react';
import { formatDay } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { AuthFields } from './AuthFields.js';
import { authFromDraft, emptyAuth, isAuthComplete, isAuthKind } from './auth-draft.js';
import classes from './Connections.module.css';

/** A new secret in place of the old one, for all that use the connection. */
export function RotateDialog(props: { connection: Connection; onClose: () => void }) {
  const { connection } = props;
  const [draft, setDraft] = useState(emptyAuth(isAuthKind(connection.authKind) ? connection.authKind : 'none'));
  const rotate = useWrite(connectionsApi.rotate, { renews: [['connections']], onDone: props.onClose });
  return (
    <Modal opened onClose={props.onClose} title={`Rotate ${connection.name}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          rotate.run({
            input: { params: { id: connection.id }, body: { auth: authFromDraft(draft) } },
            confirm: {
              title: `Rotate ${connection.name}`,
              body: 'The next call uses the new secret. The old one is kept for a day, to go back to, and then destroyed.',
              verb: 'Rotate',
            },
          });
        }}
      >
        <p className="voice-2">
          In <EnvironmentChip name={connection.environment} small />. Make the new secret at the service first; end the
          old one there afterwards.
        </p>
        {rotate.problem && <Notice tone="failed" title={rotate.problem.message} />}
        {draft.kind === 'none' && <p>This connection has no credential, so there is nothing to rotate.</p>}
        <AuthFields draft={draft} onChange={setDraft} setOn={formatDay(new Date(connection.rotatedAt), now())} />
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
