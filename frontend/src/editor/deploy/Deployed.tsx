import { Button, Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { useEditor } from '../store/editor-context.js';
import type { DeployReply } from './DeployDialog.js';
import { EndpointSecret } from './EndpointSecret.js';
import classes from './DeployDialog.module.css';

/** What came of it: it runs, or whose approval it waits for; and the addresses with their secrets, once. */
export function Deployed(props: { deployment: DeployReply; onClose: () => void }) {
  const { version, environment, status, grantRequests, endpoints } = props.deployment;
  const isWaiting = status === 'waiting';
  const catalogue = useEditor((state) => state.catalogue);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={`v${version} in ${environment}`}
      size={620}
      closeOnClickOutside={false}
    >
      <div className={classes.done}>
        {isWaiting ? (
          <Notice tone="waiting" title={`Waits for ${plural(grantRequests.length, 'approval')}`}>
            It starts to run in <EnvironmentChip name={environment} small /> once each is given. What runs there now
            goes on until then.
          </Notice>
        ) : (
          <Notice tone="succeeded" title={`v${version} runs in ${environment} now`} />
        )}
        {grantRequests.length > 0 && (
          <ul className={classes.grants}>
            {grantRequests.map((grant) => (
              <li key={grant.id}>
                <RiskBars risk={grant.risk} />
                <Link to="/approvals" search={{ open: grant.id }} onClick={props.onClose}>
                  {catalogue[grant.connector]?.title ?? grant.connector} through <code>{grant.slot}</code>
                </Link>
                <span className="voice-3">{plural(grant.changes.length, 'change')}</span>
              </li>
            ))}
          </ul>
        )}
        {endpoints.map((endpoint) => (
          <EndpointSecret key={endpoint.id} endpoint={endpoint} secret={endpoint.secret} />
        ))}
      </div>
      <div className={classes.foot}>
        {endpoints.some(({ secret }) => secret) && (
          <span className={classes.note}>The secret can't be read back. Lost, it can be replaced.</span>
        )}
        <Button onClick={props.onClose}>{endpoints.some(({ secret }) => secret) ? 'I have kept it' : 'Done'}</Button>
      </div>
    </Modal>
  );
}
