import { Button } from '@mantine/core';
import { type KillSwitch, killSwitchesApi } from '@sluice/shared/api';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { TargetName } from './TargetName.js';
import classes from './Incidents.module.css';

/** One stop, who set it and why, and the way out of it. */
export function SwitchInForce(props: { killSwitch: KillSwitch; mayRelease: boolean }) {
  const { id, target, reason, setBy, setAt } = props.killSwitch;
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
        {release.problem && <Notice tone="failed" title={release.problem.message} />}
      </div>
      {props.mayRelease && (
        <Button
          variant="default"
          loading={release.busy}
          aria-label={`Release ${target.name}`}
          onClick={() =>
            release.run({
              input: { params: { id } },
              confirm: {
                title: `Release ${target.name}`,
                body: 'Calls leave again within a second, and steps that waited go on within a minute.',
                verb: 'Release',
                always: true,
              },
            })
          }
        >
          Release
        </Button>
      )}
    </li>
  );
}
