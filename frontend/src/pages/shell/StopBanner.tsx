import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { killSwitchesQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import classes from './Banners.module.css';

const mostNames = 3;

/** While anything is stopped, everybody knows it on every screen. */
export function StopBanner() {
  const on = useQuery(killSwitchesQuery('on')).data?.items ?? [];
  if (on.length === 0) return null;
  const names = on.slice(0, mostNames).map(({ target }) => target.name);
  const more = on.length > mostNames ? ` and ${on.length - mostNames} more` : '';
  return (
    <div className={classes.banner} data-tone="failed" role="status">
      <strong>{plural(on.length, 'stop')} in force:</strong> {names.join(', ')}
      {more}. <Link to="/incidents">See incidents</Link>
    </div>
  );
}
