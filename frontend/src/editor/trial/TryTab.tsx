import { Button } from '@mantine/core';
import { containersAround, type Step } from '@sluice/shared/flow';
import { IconPlayerPlay } from '@tabler/icons-react';
import { plural } from '../../lib/format-count.js';
import { useEditor } from '../store/editor-context.js';
import { StepResult } from './StepResult.js';
import { TrialData } from './TrialData.js';
import { TrialProblem } from './TrialProblem.js';
import { useTrial } from './use-trial.js';
import classes from './Trial.module.css';

/** Runs one step, or all that leads to it, and shows what became of it. */
export function TryTab({ step }: { step: Step }) {
  const trial = useTrial();
  const loop = useEditor((state) => containersAround(state.document, step.id)[0]?.id ?? null);
  const problems = useEditor((state) => state.problems.filter((problem) => problem.step === step.id).length);
  const reason = trial.reason ?? (problems > 0 ? `${plural(problems, 'problem')} of this step to solve first` : null);
  const tried = trial.run?.steps.find(({ id }) => id === step.id);
  return (
    <div className={classes.form}>
      <TrialData />
      <div className={classes.doing}>
        <Button
          leftSection={<IconPlayerPlay size={15} stroke={1.75} />}
          disabled={reason !== null}
          loading={trial.isStarting}
          onClick={() => trial.start({ upTo: step.id, calls: 'last' })}
        >
          {loop === null ? 'Run this step' : 'Run its loop up to here'}
        </Button>
        {step.kind !== 'trigger' && (
          <Button
            variant="default"
            disabled={reason !== null || trial.isStarting}
            onClick={() => trial.start({ upTo: step.id, calls: 'all' })}
          >
            Run up to here
          </Button>
        )}
      </div>
      <p className={classes.hint}>
        {reason ??
          `In ${trial.environment ?? 'dev'}, with its connections. Run alone, the step reads samples of those before it; run up to here, they call their services too.`}
      </p>
      <TrialProblem />
      {tried !== undefined && <StepResult step={tried} />}
    </div>
  );
}
