import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { environmentsQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { useEditor } from '../store/editor-context.js';
import type { DeployReply } from './DeployDialog.js';
import { EndpointSecret } from './EndpointSecret.js';
import classes from './DeployDialog.module.css';

/** What came of it: it runs, or whose approval it waits for; and the addresses with their secrets, once. */
export function Deployed(props: {
  deployment: DeployReply;
  onPromote: (environment: string) => void;
  onClose: () => void;
}) {
  const { version, environment, status, grantRequests, endpoints } = props.deployment;
  const isWaiting = status === 'waiting';
  const next = useNextEnvironment(environment);
  // Shown once: nothing may cover it before it is kept.
  const hasSecret = endpoints.some(({ secret }) => secret);
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
          <Notice tone="waiting" title="Waits for an approval">
            It starts to run in <EnvironmentChip name={environment} small /> once an approver agrees to all of this.
            What runs there now goes on until then.
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
        {hasSecret && <span className={classes.note}>The secret can't be read back. Lost, it can be replaced.</span>}
        {next !== null && !isWaiting && !hasSecret && (
          <Button variant="default" onClick={() => props.onPromote(next)}>
            Promote v{version} to {next}
          </Button>
        )}
        <Button onClick={props.onClose}>{hasSecret ? 'I have kept it' : 'Done'}</Button>
      </div>
    </Modal>
  );
}

/** Where a version goes on to: the environment after this one. */
function useNextEnvironment(name: string): string | null {
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const ordered = environments.toSorted((one, two) => one.position - two.position);
  const at = ordered.findIndex((environment) => environment.name === name);
  return at === -1 ? null : (ordered[at + 1]?.name ?? null);
}
