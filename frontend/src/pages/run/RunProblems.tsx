import type { ApiProblem } from '../../api/problem.js';
import { Notice } from '../../ui/Notice.js';
import type { RunReply } from './RunPage.js';
import classes from './Run.module.css';

/** Why the run stands or ended, before anything else in the middle column. */
export function RunProblems(props: {
  run: RunReply;
  cancelProblem: ApiProblem | null;
  onSelect: (id: string) => void;
}) {
  const { run } = props;
  const doubtful = run.steps.filter(({ status }) => status === 'in_doubt');
  return (
    <>
      {props.cancelProblem && <Notice tone="failed" title={props.cancelProblem.message} />}
      {run.error && run.status === 'failed' && (
        <Notice tone="failed" title={run.error.message}>
          {run.error.step ? (
            <button
              type="button"
              className={classes.link}
              onClick={() => run.error?.step && props.onSelect(run.error.step)}
            >
              At step {run.error.step}
            </button>
          ) : (
            run.error.code
          )}
        </Notice>
      )}
      {doubtful.map((step) => (
        <Notice key={step.id} tone="in-doubt" title={`${step.name ?? step.id} is in doubt: its answer was lost`}>
          <button type="button" className={classes.link} onClick={() => props.onSelect(step.id)}>
            Answer what happened
          </button>
        </Notice>
      ))}
    </>
  );
}
