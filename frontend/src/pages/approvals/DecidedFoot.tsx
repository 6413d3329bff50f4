import { Button } from '@mantine/core';
import { type Grant, grantsApi } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { useWrite } from '../step-up/use-write.js';
import { outcomes } from './outcomes.js';
import classes from './Approvals.module.css';

/** After the decision: what became of it, and the way back. */
export function DecidedFoot(props: { grant: Grant }) {
  const { grant } = props;
  const mayDecide = useSuspenseQuery(meQuery()).data.permissions.includes('grants.decide');
  const revoke = useWrite(grantsApi.revoke, { renews: [['grants'], ['flows']] });
  const outcome = outcomes[grant.status];
  return (
    <div className={classes.decisionFoot}>
      {revoke.problem && <Notice tone="failed" title={revoke.problem.message} />}
      <StatusBadge status={outcome.status}>{outcome.says}</StatusBadge>
      {grant.status === 'active' && mayDecide && (
        <Button
          variant="default"
          className={classes.refuse}
          fullWidth
          loading={revoke.busy}
          onClick={() =>
            revoke.run({
              input: (reason) => ({ params: { id: grant.id }, body: { reason } }),
              confirm: {
                title: `Take back the grant of ${grant.flow.name}`,
                body: 'Calls under it are refused within a second. Runs that need it fail at that step.',
                verb: 'Take back',
                danger: true,
                reasonLabel: 'Reason, kept in the log',
              },
            })
          }
        >
          Take back
        </Button>
      )}
    </div>
  );
}
