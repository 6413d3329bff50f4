import { Button } from '@mantine/core';
import { type Grant, grantsApi } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Approvals.module.css';

/** What people call the service that a grant is for. */
export type ServiceOf = (grant: Pick<Grant, 'connector'>) => string;

/** The way back from an approval, for who may decide. */
export function TakeBack(props: { grant: Grant; small?: boolean }) {
  const { grant } = props;
  const mayDecide = useSuspenseQuery(meQuery()).data.permissions.includes('grants.decide');
  const revoke = useWrite(grantsApi.revoke, { renews: [['grants'], ['flows']] });
  if (grant.status !== 'active' || !mayDecide) return null;
  return (
    <>
      {revoke.problem && <Notice tone="failed" title={revoke.problem.message} />}
      <Button
        variant="default"
        className={classes.refuse}
        {...(props.small ? { size: 'sm', 'aria-label': `Take back ${grant.connection.name}` } : { fullWidth: true })}
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
    </>
  );
}
