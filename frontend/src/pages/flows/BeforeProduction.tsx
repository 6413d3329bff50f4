import { IconCheck } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { auditStatusQuery, connectionsQuery, environmentsQuery, meQuery, membersQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { LinkButton } from '../shell/LinkButton.js';
import classes from './FirstFlow.module.css';

/** What stands between the first drawing and production, with reasons; read from the installation itself. */
export function BeforeProduction() {
  const me = useSuspenseQuery(meQuery()).data;
  const seal = useQuery(auditStatusQuery()).data;
  const members = useQuery(membersQuery()).data?.items ?? [];
  const connections = useQuery(connectionsQuery()).data?.items ?? [];
  const production =
    useQuery(environmentsQuery())
      .data?.items.filter((each) => each.policy.production)
      .map(({ name }) => name) ?? [];
  const items = [
    { what: 'Second factor for you', why: 'Asked to approve, rotate and stop', done: me.secondFactor },
    { what: 'Log is verified', why: 'Any change or removal would show', done: seal?.state === 'verified' },
    {
      what: 'Invite a second person',
      why: 'Approvals need someone other than the one who asks',
      done: members.filter(({ status }) => status === 'active').length > 1,
      action: (
        <LinkButton to="/settings" size="sm" variant="default">
          Invite
        </LinkButton>
      ),
    },
    {
      what: 'Add a connection for production',
      why: 'It stays sealed, no one can read it back',
      done: connections.some((each) => production.includes(each.environment)),
      action: (
        <LinkButton to="/connections" size="sm" variant="default">
          Add
        </LinkButton>
      ),
    },
  ];
  const done = items.filter((item) => item.done).length;
  return (
    <Card title="Before production" aside={`${done} of ${items.length} done`} flush>
      <ul>
        {items.map((item) => (
          <li key={item.what} className={classes.item}>
            {item.done ? (
              <span className={classes.tick}>
                <IconCheck size={12} stroke={2} aria-label="done" />
              </span>
            ) : (
              <span className={classes.ring} role="img" aria-label="to do" />
            )}
            {item.done ? <span className={classes.done}>{item.what}</span> : <strong>{item.what}</strong>}
            <span className={classes.why}>{item.why}</span>
            {!item.done && item.action}
          </li>
        ))}
      </ul>
    </Card>
  );
}
