import type { KillSwitch } from '@sluice/shared/api';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { TargetName } from './TargetName.js';
import classes from './Incidents.module.css';

/** A stop that is over: how long it held, and through whom. */
export function ReleasedSwitch(props: { killSwitch: KillSwitch }) {
  const { target, reason, setBy, setAt, releasedBy, releasedAt } = props.killSwitch;
  return (
    <li className={classes.row}>
      <StatusBadge status="off" plain>
        Released
      </StatusBadge>
      <div className={classes.grow}>
        <TargetName target={target} />
        <p className={classes.reason}>“{reason}”</p>
        <p className="label">
          Set by {setBy.name}, <Time at={setAt} />
          {releasedAt && (
            <>
              ; released by {releasedBy?.name}, <Time at={releasedAt} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}
