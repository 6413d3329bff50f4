import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { decisionsQuery, grantsQuery } from '../../api/queries.js';
import { requestsOf } from '../approvals/request.js';
import classes from './Decisions.module.css';

// Both have one path: else the router would call both the current page.
const exactly = { exact: true, includeSearch: true };

/** The two kinds of things that wait for a person: what flows may do, and what runs ask. */
export function ApprovalTabs(props: { view: 'grants' | 'questions' }) {
  const grants = requestsOf(useQuery(grantsQuery({ status: 'pending' })).data?.items ?? []).length;
  const questions = useQuery(decisionsQuery()).data?.items.length ?? 0;
  return (
    <nav className={classes.tabs} aria-label="Kinds of approvals">
      <Link to="/approvals" activeOptions={exactly} aria-current={props.view === 'grants' ? 'page' : undefined}>
        Grants <Count of={grants} />
      </Link>
      <Link
        to="/approvals"
        search={{ view: 'questions' }}
        activeOptions={exactly}
        aria-current={props.view === 'questions' ? 'page' : undefined}
      >
        Questions of runs <Count of={questions} />
      </Link>
    </nav>
  );
}

function Count(props: { of: number }) {
  if (props.of === 0) return null;
  return (
    <span className={classes.count}>
      {props.of}
      <span className="for-readers"> waiting</span>
    </span>
  );
}
