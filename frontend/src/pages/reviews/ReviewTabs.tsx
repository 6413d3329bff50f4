import { allowsEverywhere } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery } from '../../api/queries.js';
import classes from '../decisions/Decisions.module.css';

// Both have one path: else the router would call both the current page.
const exactly = { exact: true, includeSearch: true };

/** What is looked at again: what flows were granted, and what members may do. */
export function ReviewTabs(props: { view: 'grants' | 'access' }) {
  const me = useSuspenseQuery(meQuery()).data;
  if (!allowsEverywhere(me, 'audit.read')) return null;
  const current = (view: string) => (props.view === view ? 'page' : undefined);
  return (
    <nav className={classes.tabs} aria-label="Kinds of reviews">
      <Link to="/reviews" activeOptions={exactly} aria-current={current('grants')}>
        Unused grants
      </Link>
      <Link to="/reviews" search={{ view: 'access' }} activeOptions={exactly} aria-current={current('access')}>
        Access of members
      </Link>
    </nav>
  );
}
