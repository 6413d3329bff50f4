import { Button } from '@mantine/core';
import { type RunStep, runsApi } from '@sluice/shared/api';
import { IconHelpOctagon } from '@tabler/icons-react';
import { useWrite } from '../step-up/use-write.js';
import classes from './Run.module.css';

/** The one question only a person can answer: did it happen? */
export function InDoubt(props: { runId: string; step: RunStep; mayOperate: boolean }) {
  const resolve = useWrite(runsApi.resolve, { renews: [['runs']] });
  const call = props.step.attempts.findLast((attempt) => attempt.call)?.call;
  const answer = (happened: boolean) =>
    resolve.run({ input: { params: { id: props.runId, stepId: props.step.key }, body: { happened } } });
  return (
    <div className={classes.doubt} role="status">
      <IconHelpOctagon size={16} stroke={1.75} aria-hidden />
      <div>
        <h3>{props.step.name ?? props.step.id} is in doubt</h3>
        <p>
          The request was sent{call && ` to ${call.host}`}, the answer was lost, and it can't be repeated safely. Look
          there: did it happen?
        </p>
        {resolve.problem && <p className={classes.doubtProblem}>{resolve.problem.message}</p>}
        <div className={classes.answers}>
          <Button
            size="sm"
            variant="default"
            disabled={!props.mayOperate}
            loading={resolve.busy}
            onClick={() => answer(true)}
          >
            It happened
          </Button>
          <Button
            size="sm"
            variant="default"
            disabled={!props.mayOperate}
            loading={resolve.busy}
            onClick={() => answer(false)}
          >
            It did not
          </Button>
        </div>
        {!props.mayOperate && <p>An operator or admin answers.</p>}
        <p className="label">
          "It happened" goes on after the step; "It did not" tries it again. The answer is logged.
        </p>
      </div>
    </div>
  );
}
