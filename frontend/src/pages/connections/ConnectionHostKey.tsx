import { Button } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import { Code } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Connections.module.css';

/** By which key the server is known. Until a person has compared and approved it, nothing is sent there. */
export function ConnectionHostKey(props: { connection: Connection; mayManage: boolean }) {
  const { connection } = props;
  const approved = connection.config['hostKey'];
  const read = useWrite(connectionsApi.readHostKey, { renews: [] });
  const approve = useWrite(connectionsApi.approveHostKey, { renews: [['connections']] });
  const problem = read.problem ?? approve.problem;
  const shown = read.reply;
  const isNews = shown !== undefined && shown.fingerprint !== approved;
  return (
    <PanelPart title="Host key" aside={typeof approved === 'string' ? 'approved' : 'not approved yet'}>
      {problem && <Notice tone="failed" title={problem.message} />}
      {typeof approved === 'string' ? (
        <Code plain>{approved}</Code>
      ) : (
        <p className="voice-3">Nothing is sent to the server before you have compared its key and approved it.</p>
      )}
      {shown && !isNews && <p className="voice-3">The server shows this key.</p>}
      {shown && isNews && (
        <Notice tone={approved ? 'failed' : 'waiting'} title={`The server shows ${shown.type}`}>
          <Code plain>{shown.fingerprint}</Code>
          <p>
            Compare it with what <Code plain>ssh-keygen -lf</Code> prints on the server, or with what its operator sends
            you by another way.
          </p>
        </Notice>
      )}
      {props.mayManage && (
        <div className={classes.deeds}>
          <Button
            size="xs"
            variant="default"
            loading={read.busy}
            onClick={() => read.run({ input: { params: { id: connection.id } } })}
          >
            Read host key
          </Button>
          {shown && isNews && (
            <Button
              size="xs"
              loading={approve.busy}
              onClick={() =>
                approve.run({
                  input: { params: { id: connection.id }, body: { fingerprint: shown.fingerprint } },
                  confirm: {
                    title: 'Approve the host key',
                    body: `From now on ${connection.name} talks to a server with the key ${shown.fingerprint} and to no other.`,
                    verb: 'Approve',
                  },
                })
              }
            >
              Approve
            </Button>
          )}
        </div>
      )}
    </PanelPart>
  );
}
