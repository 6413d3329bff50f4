import { useQuery } from '@tanstack/react-query';
import { connectorsQuery } from '../../api/queries.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { Time } from '../../ui/Time.js';
import { Changes } from './Changes.js';
import { Emergency } from './Emergency.js';
import { FieldsSent } from './FieldsSent.js';
import { Questions } from './Questions.js';
import { eachOnce, type GrantRequest } from './request.js';
import { Slots } from './Slots.js';
import type { ServiceOf } from './TakeBack.js';
import type { Narrowing } from './use-narrowing.js';
import classes from './Approvals.module.css';

/** One version in one environment: the three questions in plain sentences, then every difference. */
export function GrantBody(props: { request: GrantRequest; narrowing: Narrowing }) {
  const { request } = props;
  const { grants, isPending } = request;
  const connectors = useQuery(connectorsQuery()).data?.items ?? [];
  const service: ServiceOf = ({ connector }) => connectors.find(({ id }) => id === connector)?.title ?? connector;
  return (
    <div className={classes.body}>
      <div className={classes.top}>
        <EnvironmentChip name={request.environment} />
        <span className="voice-2">{eachOnce(grants.map(({ connection }) => connection.name)).join(', ')}</span>
        <span className={classes.phoneRisk}>
          <RiskBars risk={request.risk} suffix="risk" />
        </span>
        <span className={classes.when}>
          Requested <Time at={request.requestedAt} />
          <Until request={request} />
        </span>
      </div>
      <h2 className={classes.title}>
        {request.flow.name}, v{request.version}
      </h2>
      <p className={classes.lead}>
        {request.requestedBy.name}
        {request.reason ? `: “${request.reason}”` : ' gave no reason.'}
      </p>
      {!isPending && grants.every(({ carriedFrom }) => carriedFrom) && (
        <Notice tone="quiet" title="Goes on under an earlier approval">
          This version needs the same or less, so nobody had to decide again. The log has the record.
        </Notice>
      )}
      <Emergency request={request} />
      <Questions request={request} service={service} />
      <Slots request={request} service={service} />
      <Changes request={request} service={service} narrowing={props.narrowing} />
      {grants.map((grant) => (
        <FieldsSent key={grant.id} grant={grant} service={service(grant)} />
      ))}
    </div>
  );
}

function Until({ request }: { request: GrantRequest }) {
  const { isPending, decideBefore, grants } = request;
  // The end of the first is where the flow can't go on.
  const ends = grants.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted()[0];
  if (isPending && decideBefore)
    return (
      <>
        , decide before <Time at={decideBefore} as="day" />
      </>
    );
  if (isPending || !ends) return null;
  return (
    <>
      , ends <Time at={ends} as="day" />
    </>
  );
}
