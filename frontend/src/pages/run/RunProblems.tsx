import type { RunStep } from '@sluice/shared/api';
import type { ApiProblem } from '../../api/problem.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { deciderWords } from '../decisions/decider-words.js';
import type { RunReply } from './RunPage.js';
import classes from './Run.module.css';

/** A switch holds every pass of a loop: a few say enough. */
const mostHeld = 3;

/** Why a kill switch put off the last try of a step; null when none did. */
function holdOf({ attempts }: RunStep): string | null {
  const error = attempts.at(-1)?.error;
  return error?.code === 'broker.stopped' ? error.message : null;
}

/** Why the run stands or ended, before anything else in the middle column. */
export function RunProblems(props: {
  run: RunReply;
  /** Of what was tried on this page. */
  problems: readonly (ApiProblem | null)[];
  onSelect: (id: string) => void;
}) {
  const { run } = props;
  // What a cancelled run asked, nobody has to answer any more.
  const isOpen = run.endedAt === null;
  const asking = run.steps.filter(({ status, ask }) => isOpen && status === 'waiting' && ask?.kind === 'approval');
  const doubtful = run.steps.filter(({ status }) => status === 'in_doubt');
  const held = run.steps.filter((step) => isOpen && step.status === 'waiting' && holdOf(step) !== null);
  return (
    <>
      {props.problems.map((problem) => problem && <Notice key={problem.code} tone="failed" title={problem.message} />)}
      {run.erasedAt !== null && (
        <Notice
          tone="quiet"
          title={
            <>
              What this run carried was erased on <Time at={run.erasedAt} />
            </>
          }
        >
          Its steps, times and proofs stay. It can’t be tried again: have its sender send it anew.
        </Notice>
      )}
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
      {run.inLine && (
        <Notice tone="waiting" title="This run waits for its turn">
          One before it with the same business key has not ended. It begins by itself.
        </Notice>
      )}
      {held.slice(0, mostHeld).map((step) => (
        <Notice key={step.key} tone="waiting" title={holdOf(step)}>
          <button type="button" className={classes.link} onClick={() => props.onSelect(step.key)}>
            {step.name ?? step.id} waits for it
          </button>
        </Notice>
      ))}
      {asking.map((step) => (
        <Notice
          key={step.key}
          tone="waiting"
          title={step.ask?.question ?? `${step.name ?? step.id} asks for a decision`}
        >
          <button type="button" className={classes.link} onClick={() => props.onSelect(step.key)}>
            {step.ask?.mayDecide ? 'Decide' : deciderWords(step.ask?.deciders ?? [])}
          </button>
        </Notice>
      ))}
      {doubtful.map((step) => (
        <Notice key={step.key} tone="in-doubt" title={`${step.name ?? step.id} is in doubt: its answer was lost`}>
          <button type="button" className={classes.link} onClick={() => props.onSelect(step.key)}>
            Answer what happened
          </button>
        </Notice>
      ))}
    </>
  );
}
