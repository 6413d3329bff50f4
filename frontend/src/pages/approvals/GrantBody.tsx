import type { Grant } from '@sluice/shared/api';
import { IconArrowsSplit2, IconEye, IconRotate2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { connectorsQuery } from '../../api/queries.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { Time } from '../../ui/Time.js';
import { Changes } from './Changes.js';
import { FieldsSent } from './FieldsSent.js';
import { fieldName } from './field-name.js';
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
          {grant.expiresAt && (
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
      <div className={classes.questions}>
        <Question icon={<IconArrowsSplit2 size={15} stroke={1.75} />} title="What data travels where">
          <Travels grant={grant} service={service} />
        </Question>
        <Question icon={<IconEye size={15} stroke={1.75} />} title="Who can see it">
          In {service}, all who see its data there. In Sluice, members who may read runs.
        </Question>
        <Question icon={<IconRotate2 size={15} stroke={1.75} />} title="How to take it back">
          Take the grant back here: calls stop within <strong>1 s</strong>. Then rotate{' '}
          <strong>{grant.connection.name}</strong>. What was sent stays at {service}.
        </Question>
      </div>
      <Changes grant={grant} service={service} narrowing={props.narrowing} />
      <FieldsSent grant={grant} service={service} />
    </div>
  );
}

function Question(props: { icon: React.ReactNode; title: string; children: React.ReactNode }) {
  return (
    <section className={classes.question}>
      <h3>
        {props.icon}
        {props.title}
      </h3>
      <p>{props.children}</p>
    </section>
  );
}

function Travels(props: { grant: Grant; service: string }) {
  const { asks, changes } = props.grant;
  const isNew = (field: string) =>
    changes.some((each) => each.kind === 'field' && each.change === 'wider' && each.value === field);
  const hosts = asks.hosts.join(', ');
  if (asks.fields.length === 0) {
    return (
      <>
        No mapped field. Calls go to {props.service} at {hosts}.
      </>
    );
  }
  const fresh = asks.fields.filter(isNew).map(fieldName);
  const known = asks.fields.filter((field) => !isNew(field)).map(fieldName);
  return (
    <>
      {known.join(', ')}
      {known.length > 0 && fresh.length > 0 && ' and, new, '}
      {fresh.length > 0 && <strong>{fresh.join(', ')}</strong>} {asks.fields.length === 1 ? 'goes' : 'go'} to{' '}
      {props.service} at {hosts}.
    </>
  );
}
