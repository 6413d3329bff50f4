import { allowsIn, type Grant, maskedIn, type Permission } from '@sluice/shared/api';
import { maskedClasses, wholeReply } from '@sluice/shared/connector';
import { IconArrowsSplit2, IconEye, IconRotate2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { environmentsQuery, meQuery, membersQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { fieldName } from './field-name.js';
import { eachOnce, type GrantRequest } from './request.js';
import type { ServiceOf } from './TakeBack.js';
import classes from './Approvals.module.css';

/** What has to be known before it goes live: what data travels where, who can see it, how to take it back. */
export function Questions(props: { request: GrantRequest; service: ServiceOf }) {
  const { request, service } = props;
  const { grants } = request;
  const services = eachOnce(grants.map(service));
  const running = eachOnce(grants.flatMap(({ active }) => (active ? [`v${active.version}`] : [])));
  const connections = [...new Map(grants.map(({ connection }) => [connection.id, connection])).values()];
  return (
    <div className={classes.questions}>
      <Question icon={<IconArrowsSplit2 size={15} stroke={1.75} />} title="What data travels where">
        {grants.map((grant) => (
          <p key={grant.id}>
            <Travels grant={grant} service={service(grant)} />
          </p>
        ))}
      </Question>
      <Question icon={<IconEye size={15} stroke={1.75} />} title="Who can see it">
        <p>
          <Viewers environment={request.environment} services={services} />
        </p>
      </Question>
      <Question icon={<IconRotate2 size={15} stroke={1.75} />} title="How to take it back">
        <p>
          Take {grants.length > 1 ? 'a grant' : 'the grant'} back here: calls stop within <strong>1 s</strong>
          {running.length > 0 && `, and what runs by ${running.join(' and ')} stops with them`}. Then rotate{' '}
          {connections.map(({ id, name }, at) => (
            <Fragment key={id}>
              {at > 0 && (at === connections.length - 1 ? ' or ' : ', ')}
              <Link to="/connections" search={{ open: id }}>
                {name}
              </Link>
            </Fragment>
          ))}
          . What was sent stays at {inWords(services)}.
        </p>
      </Question>
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
      {props.children}
    </section>
  );
}

function Travels(props: { grant: Grant; service: string }) {
  return (
    <>
      <Sent {...props} /> <Received {...props} />
    </>
  );
}

function Sent(props: { grant: Grant; service: string }) {
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

/** The other way: what the broker lets in of the answers. */
function Received({ grant: { asks, allows }, service }: { grant: Grant; service: string }) {
  const { calls, replies } = allows ?? asks;
  if (calls.length === 0 && replies.length === 0) return null;
  const fields = replies.filter((field) => field !== wholeReply);
  if (fields.length < replies.length)
    return (
      <>
        <strong>All of the answer</strong> of {service} comes in.
      </>
    );
  if (fields.length === 0) return <>Nothing of its answers comes in.</>;
  return (
    <>
      Of its answers {some(fields)} {fields.length === 1 ? 'comes' : 'come'} in, and nothing else.
    </>
  );
}

/** Counted from the roles that members hold today, in the workspace and in this environment. */
function Viewers(props: { environment: string; services: readonly string[] }) {
  const { environment, services } = props;
  const mayRead = useQuery(meQuery()).data?.permissions.includes('members.read') ?? false;
  const members = useQuery({ ...membersQuery(), enabled: mayRead }).data?.items;
  const active = members?.filter(({ status }) => status === 'active') ?? [];
  const namesWith = (permission: Permission) =>
    active.filter((member) => allowsIn(member, permission, environment)).map(({ name }) => name);
  const place = useQuery(environmentsQuery()).data?.items.find(({ name }) => name === environment);
  const masked = place && maskedIn(place.policy);
  const plain = maskedClasses.filter((held) => masked?.has(held) === false);
  const seen =
    plain.length === 0 ? 'stand-ins' : `${inWords(plain)} data as it is, and stand-ins of what is masked there`;
  const [readers, revealers] = [namesWith('runs.read'), namesWith('runs.reveal')];
  return (
    <>
      In {inWords(services)}, all who see {services.length > 1 ? 'their' : 'its'} data there. In Sluice,{' '}
      {members === undefined ? (
        `members who may read runs see ${seen}, and those who may reveal a value see it.`
      ) : (
        <>
          <strong>{plural(readers.length, 'member')}</strong> who may read runs: {some(readers)}. They see {seen};{' '}
          {revealers.length === 0 ? 'nobody' : <strong>{some(revealers)}</strong>} may reveal a value in {environment},
          one at a time and logged.
        </>
      )}
    </>
  );
}

/** `A, B and C`. */
function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The first four. */
function some(names: readonly string[]): string {
  return `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;
}
