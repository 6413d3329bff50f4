import { Button } from '@mantine/core';
import type { z } from 'zod';
import type { endpointSchema } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpointsQuery } from '../../api/queries.js';
import { CopyValue } from '../../ui/Code.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { useFlowId } from '../store/flow-id.js';
import { RotateDialog } from './RotateDialog.js';
import classes from './Endpoints.module.css';

export type Endpoint = z.output<typeof endpointSchema>;

/** Where deliveries go, by environment. The secret was shown once; here it can only be replaced. */
export function Endpoints(props: { stepId?: string }) {
  const flowId = useFlowId();
  const endpoints = useQuery(endpointsQuery(flowId)).data?.items ?? [];
  const [rotated, setRotated] = useState<Endpoint | null>(null);
  const shown = endpoints.filter((endpoint) => props.stepId === undefined || endpoint.step === props.stepId);
  return (
    <section className={classes.endpoints} aria-label="Addresses">
      <h3 className={classes.title}>Addresses</h3>
      {shown.length === 0 && (
        <p className="voice-3">
          Each environment gets an address and a secret of its own when the flow is deployed there.
        </p>
      )}
      {shown.map((endpoint) => (
        <div key={endpoint.id} className={classes.endpoint}>
          <div className={classes.head}>
            <EnvironmentChip name={endpoint.environment} small />
            <span className="label">{endpoint.scheme}</span>
            {endpoint.scheme !== 'none' && (
              <Button className={classes.rotate} variant="default" size="xs" onClick={() => setRotated(endpoint)}>
                Rotate secret
              </Button>
            )}
          </div>
          <div className={classes.address}>
            <code>{endpoint.url}</code>
            <CopyValue value={endpoint.url} label={`the address in ${endpoint.environment}`} />
          </div>
        </div>
      ))}
      {rotated && <RotateDialog endpoint={rotated} onClose={() => setRotated(null)} />}
    </section>
  );
}
