import { Button, Modal, PasswordInput } from '@mantine/core';
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
  const [own, setOwn] = useState('');
  const [made, setMade] = useState<(Endpoint & { secret?: string | undefined }) | null>(null);
  const isFresh = !isStale && until !== null && new Date(until).getTime() - now().getTime() > 5000;

  async function rotate(code: string | null) {
    setBusy(true);
    setError(undefined);
    try {
      if (code !== null) await call(authApi.stepUp, { body: { code } });
      setMade(
        await call(deploymentsApi.rotateEndpoint, {
          params: { id: flowId, endpointId: endpoint.id },
          body: given(own.trim()),
        }),
      );
      await client.invalidateQueries({ queryKey: ['flows', flowId] });
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.code === 'auth.step_up_required') setStale(true);
      setError(problem.issues[0]?.message ?? problem.message);
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: meQuery().queryKey });
    }
  }
  const isOwn = own.trim() !== '';
  const takesPublicKeys = endpoint.scheme === 'standard-webhooks';
  if (made) {
    return (
      <Modal
        opened
        onClose={props.onClose}
        title={isOwn ? 'The sender’s own is in force' : 'The new secret'}
        size={560}
        closeOnClickOutside={false}
      >
        {!isOwn && <EndpointSecret endpoint={made} secret={made.secret} />}
        <p className="voice-2">What was there before stays good for 24 hours, so deliveries go on meanwhile.</p>
        <div className={classes.foot}>
          <Button onClick={props.onClose}>{isOwn ? 'Done' : 'I have kept it'}</Button>
        </div>
      </Modal>
    );
  }
  return (
    <StepUpDialog
      details={{
        title: `Rotate the secret in ${endpoint.environment}`,
        body: (
          <>
            <p>
              A new signing secret is made and shown once. Deliveries signed with the old one are taken for 24 more
              hours.
            </p>
            <PasswordInput
              label={takesPublicKeys ? 'Or the sender’s own secret or public key' : 'Or the sender’s own secret'}
              description={
                takesPublicKeys
                  ? 'Where the sender makes it: whsec_ is shared, whpk_ is the half that may be known.'
                  : 'Where the sender makes it and shows it to you.'
              }
              autoComplete="off"
              value={own}
              error={isOwn && error}
              onChange={(event) => setOwn(event.currentTarget.value)}
            />
          </>
        ),
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

/** A public key is told by its mark. */
function given(own: string): { secret?: string; publicKey?: string } {
  if (own === '') return {};
  return own.startsWith('whpk_') ? { publicKey: own } : { secret: own };
}
