import { StatusBadge } from '../../ui/StatusBadge.js';
import { outcomesOf } from './outcomes.js';
import type { GrantRequest } from './request.js';
import { TakeBack } from './TakeBack.js';
import classes from './Approvals.module.css';

/** After the decision: what became of it, and the way back; of several connections that stands beside each. */
export function DecidedFoot({ request }: { request: GrantRequest }) {
  const [only, ...more] = request.grants;
  return (
    <div className={classes.decisionFoot}>
      <div className={classes.outcomes}>
        {outcomesOf(request).map(({ status, says }) => (
          <StatusBadge key={says} status={status}>
            {says}
          </StatusBadge>
        ))}
      </div>
      {only && more.length === 0 && <TakeBack grant={only} />}
    </div>
  );
}
