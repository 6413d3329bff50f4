import { Button } from '@mantine/core';
import { type Grant, grantsApi } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { Code } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { useWrite } from '../step-up/use-write.js';
import { outcomes } from './outcomes.js';
import type { GrantRequest } from './request.js';
import { type ServiceOf, TakeBack } from './TakeBack.js';
import classes from './Changes.module.css';

/** Where a version uses several connections: each with its own way out. */
export function Slots(props: { request: GrantRequest; service: ServiceOf }) {
  const { grants, isPending } = props.request;
  if (grants.length < 2) return null;
  return (
    <Card flush title={isPending ? 'Each connection' : 'What became of each connection'}>
      <ul className={classes.changes}>
        {grants.map((grant) => (
          <li key={grant.id} className={classes.change}>
            {isPending ? <RiskBars risk={grant.risk} /> : <Outcome grant={grant} />}
            <div className={classes.what}>
              <strong>{props.service(grant)}</strong> via <Code plain>{grant.slot}</Code>
              <div className={classes.where}>
                {grant.connection.name} · {grant.asks.hosts.join(', ')}
                {grant.carriedFrom && ' · Goes on under an earlier approval'}
              </div>
            </div>
            {isPending ? <RefuseOne grant={grant} service={props.service} /> : <TakeBack grant={grant} small />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Outcome({ grant }: { grant: Grant }) {
  const outcome = outcomes[grant.status];
  return (
    <StatusBadge status={outcome.status} plain>
      {outcome.says}
    </StatusBadge>
  );
}

/** No part of a version runs without the rest: the log says which connection was too much. */
function RefuseOne({ grant, service }: { grant: Grant; service: ServiceOf }) {
  const mayDecide = useSuspenseQuery(meQuery()).data.permissions.includes('grants.decide') && grant.mayDecide;
  const refuse = useWrite(grantsApi.refuse, { renews: [['grants'], ['flows']] });
  if (!mayDecide) return null;
  return (
    <>
      <Button
        size="sm"
        variant="default"
        className={classes.narrow}
        loading={refuse.busy}
        aria-label={`Refuse ${grant.connection.name}`}
        onClick={() =>
          refuse.run({
            input: (reason) => ({ params: { id: grant.id }, body: { reason } }),
            confirm: {
              title: `Refuse ${service(grant)} for ${grant.flow.name}, v${grant.version}`,
              body: 'The version does not start in this environment without it. What runs there now goes on.',
              verb: 'Refuse',
              danger: true,
              reasonLabel: 'Reason, kept in the log',
            },
          })
        }
      >
        Refuse
      </Button>
      {refuse.problem && <Notice tone="failed" title={refuse.problem.message} />}
    </>
  );
}
