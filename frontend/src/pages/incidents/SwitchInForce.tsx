import { Button } from '@mantine/core';
import { type KillSwitch, killSwitchesApi } from '@sluice/shared/api';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { TargetName } from './TargetName.js';
import classes from './Incidents.module.css';

/** One stop, who set it and why, and the way out of it. */
export function SwitchInForce(props: { killSwitch: KillSwitch; mayRelease: boolean; me: string }) {
  const { id, target, reason, setBy, setAt, takesTwo, liftAskedBy, liftAskedAt } = props.killSwitch;
  const lift = liftWords(props.killSwitch, props.me);
  const release = useWrite(killSwitchesApi.release, { renews: [['kill-switches']] });
  return (
    <li className={classes.row}>
      <StatusBadge status="stopped" />
      <div className={classes.grow}>
        <TargetName target={target} />
        <p className={classes.reason}>“{reason}”</p>
        <p className="label">
          {setBy.name}, <Time at={setAt} />
        </p>
        {takesTwo && (
          <p className="label">
            {liftAskedBy === null ? (
              'Two people lift it: it holds something where deployments are approved.'
            ) : (
              <>
                {liftAskedBy.id === props.me ? 'You' : liftAskedBy.name} asked to lift it,{' '}
                {liftAskedAt && <Time at={liftAskedAt} />}; a second person confirms.
              </>
            )}
          </p>
        )}
        {release.problem && <Notice tone="failed" title={release.problem.message} />}
      </div>
      {props.mayRelease && (
        <Button
          variant="default"
          loading={release.busy}
          aria-label={`${lift.verb} ${target.name}`}
          onClick={() =>
            release.run({
              input: { params: { id } },
              confirm: {
                title: `${lift.verb} ${target.name}`,
                body: lift.body,
                verb: lift.verb,
                always: true,
              },
            })
          }
        >
          {lift.verb}
        </Button>
      )}
    </li>
  );
}

const goesOn = 'Calls leave again within a second, and steps that waited go on within a few more.';

/** What the button does next: one person releases; of two the first asks and the second confirms. */
function liftWords({ takesTwo, liftAskedBy }: KillSwitch, me: string): { verb: string; body: string } {
  if (!takesTwo) return { verb: 'Release', body: goesOn };
  if (liftAskedBy === null)
    return { verb: 'Ask to lift', body: 'The stop stays in force until a second person confirms that it may go.' };
  const waits = liftAskedBy.id === me ? ' Somebody else has to confirm it, unless nobody else may.' : '';
  return { verb: 'Confirm lifting', body: `${goesOn}${waits}` };
}
