import { allows, type Grant } from '@sluice/shared/api';
import { IconArrowsSplit2, IconEye, IconRotate2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery, membersQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { fieldName } from './field-name.js';
import classes from './Approvals.module.css';

/** What has to be known before it goes live: what data travels where, who can see it, how to take it back. */
export function Questions(props: { grant: Grant; service: string }) {
  const { grant, service } = props;
  return (
    <div className={classes.questions}>
      <Question icon={<IconArrowsSplit2 size={15} stroke={1.75} />} title="What data travels where">
        <Travels grant={grant} service={service} />
      </Question>
      <Question icon={<IconEye size={15} stroke={1.75} />} title="Who can see it">
        <Viewers grant={grant} service={service} />
      </Question>
      <Question icon={<IconRotate2 size={15} stroke={1.75} />} title="How to take it back">
        Take the grant back here: calls stop within <strong>1 s</strong>
        {grant.active && `, and what runs by v${grant.active.version} stops with them`}. Then{' '}
        <Link to="/connections" search={{ open: grant.connection.id }}>
          rotate {grant.connection.name}
        </Link>
        . What was sent stays at {service}.
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

/** Counted from the roles that members hold today. */
function Viewers(props: { grant: Grant; service: string }) {
  const mayRead = useQuery(meQuery()).data?.permissions.includes('members.read') ?? false;
  const members = useQuery({ ...membersQuery(), enabled: mayRead }).data?.items;
  const readers = members?.filter(({ roles, status }) => status === 'active' && allows(roles, 'runs.read'));
  const names = readers?.map(({ name }) => name) ?? [];
  return (
    <>
      In {props.service}, all who see its data there. In Sluice,{' '}
      {readers === undefined ? (
        'members who may read runs.'
      ) : (
        <>
          <strong>{plural(readers.length, 'member')}</strong> who may read runs: {names.slice(0, 4).join(', ')}
          {names.length > 4 && ` and ${names.length - 4} more`}.
        </>
      )}
    </>
  );
}
