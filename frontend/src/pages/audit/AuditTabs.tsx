import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery } from '../../api/queries.js';
import classes from '../decisions/Decisions.module.css';

/** The log, and what may be erased without breaking it. */
export function AuditTabs(props: { view: 'log' | 'erasures' }) {
  const { permissions } = useSuspenseQuery(meQuery()).data;
  if (!permissions.includes('data.erase')) return null;
  const current = (view: string) => (props.view === view ? 'page' : undefined);
  return (
    <nav className={classes.tabs} aria-label="Parts of audit" data-row>
      <Link to="/audit" activeOptions={{ exact: true }} aria-current={current('log')}>
        Log
      </Link>
      <Link to="/audit/erasures" activeOptions={{ exact: true }} aria-current={current('erasures')}>
        Erase data
      </Link>
    </nav>
  );
}
