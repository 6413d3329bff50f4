import type { Grant } from '@sluice/shared/api';
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
import type { Narrowing } from './use-narrowing.js';
import classes from './Approvals.module.css';

/** One request: the three questions in plain sentences, then every difference. */
export function GrantBody(props: { grant: Grant; narrowing: Narrowing }) {
  const { grant } = props;
  const connectors = useQuery(connectorsQuery()).data?.items ?? [];
  const service = connectors.find(({ id }) => id === grant.connector)?.title ?? grant.connector;
  return (
    <div className={classes.body}>
      <div className={classes.top}>
        <EnvironmentChip name={grant.environment} />
        <span className="voice-2">{grant.connection.name}</span>
        <span className={classes.phoneRisk}>
          <RiskBars risk={grant.risk} suffix="risk" />
        </span>
        <span className={classes.when}>
          Requested <Time at={grant.requestedAt} />
          {grant.status === 'pending' && grant.decideBefore && (
            <>
              , decide before <Time at={grant.decideBefore} as="day" />
            </>
          )}
          {grant.status !== 'pending' && grant.expiresAt && (
            <>
              , ends <Time at={grant.expiresAt} as="day" />
            </>
          )}
        </span>
      </div>
      <h2 className={classes.title}>
        {grant.flow.name}, v{grant.version}
      </h2>
      <p className={classes.lead}>
        {grant.requestedBy.name}
        {grant.reason ? `: “${grant.reason}”` : ' gave no reason.'}
      </p>
      {grant.carriedFrom && (
        <Notice tone="quiet" title="Goes on under an earlier approval">
          This version needs the same or less, so nobody had to decide again. The log has the record.
        </Notice>
      )}
      {grant.emergency && <Emergency grant={grant} />}
      <Questions grant={grant} service={service} />
      <Changes grant={grant} service={service} narrowing={props.narrowing} />
      <FieldsSent grant={grant} service={service} />
    </div>
  );
}
