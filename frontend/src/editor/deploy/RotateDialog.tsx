import { Button, Modal } from '@mantine/core';
import { authApi, deploymentsApi } from '@sluice/shared/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { meQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { StepUpDialog } from '../../ui/StepUpDialog.js';
import { useFlowId } from '../store/flow-id.js';
import type { Endpoint } from './Endpoints.js';
import { EndpointSecret } from './EndpointSecret.js';
import classes from './DeployDialog.module.css';

/** Asks for the second factor, replaces the signing secret, and shows the new one once. */
export function RotateDialog(props: { endpoint: Endpoint; onClose: () => void }) {
  const { endpoint } = props;
  const flowId = useFlowId();
  const client = useQueryClient();
  const until = useQuery({ ...meQuery(), enabled: false }).data?.steppedUpUntil ?? null;
  const [isStale, setStale] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [made, setMade] = useState<(Endpoint & { secret: string }) | null>(null);
  const isFresh = !isStale && until !== null && new Date(until).getTime() - now().getTime() > 5000;

  async function rotate(code: string | null) {
    setBusy(true);
    setError(undefined);
    try {
      if (code !== null) await call(authApi.stepUp, { body: { code } });
      setMade(await call(deploymentsApi.rotateEndpoint, { params: { id: flowId, endpointId: endpoint.id }, body: {} }));
      await client.invalidateQueries({ queryKey: ['flows', flowId] });
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.code === 'auth.step_up_required') setStale(true);
      setError(problem.message);
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: meQuery().queryKey });
    }
  }
  if (made) {
    return (
      <Modal opened onClose={props.onClose} title="The new secret" size={560} closeOnClickOutside={false}>
        <EndpointSecret endpoint={made} secret={made.secret} />
        <p className="voice-2">The old secret stays good for 24 hours, so deliveries go on while you change it.</p>
        <div className={classes.foot}>
          <Button onClick={props.onClose}>I have kept it</Button>
        </div>
      </Modal>
    );
  }
  return (
    <StepUpDialog
      details={{
        title: `Rotate the secret in ${endpoint.environment}`,
        body: 'A new signing secret is made and shown once. Deliveries signed with the old one are taken for 24 more hours.',
        verb: 'Rotate the secret',
      }}
      freshUntil={isFresh ? until : null}
      busy={busy}
      error={error}
      onConfirm={({ code }) => void rotate(code)}
      onCancel={props.onClose}
    />
  );
}
