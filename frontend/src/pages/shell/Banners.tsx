import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import type { LiveState } from '../../api/live.js';
import { auditStatusQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { Time } from '../../ui/Time.js';
import { StopBanner } from './StopBanner.js';
import classes from './Banners.module.css';

/** What must be known on every screen: a log that fails its check, a stop in force, and a picture that no longer moves. */
export function Banners(props: { live: LiveState }) {
  const seal = useQuery(auditStatusQuery()).data;
  const lostSince = useRef<string | null>(null);
  if (props.live !== 'lost') lostSince.current = null;
  else lostSince.current ??= now().toISOString();
  return (
    <>
      {seal?.state === 'failed' && (
        <div className={classes.banner} data-tone="failed" role="alert">
          <strong>The log check failed{seal.failedAt ? ` at ${seal.failedAt}` : ''}.</strong> Something was changed or
          removed. <Link to="/audit">See the log</Link>
        </div>
      )}
      <StopBanner />
      {lostSince.current && (
        <div className={classes.banner} role="status">
          As of <Time at={lostSince.current} />, connection lost, trying again
        </div>
      )}
    </>
  );
}
