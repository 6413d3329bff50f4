import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEditor } from '../store/editor-context.js';
import { useTrial } from './use-trial.js';
import classes from './Trial.module.css';

/** For a flow that was never published: the way to see it run before anything is connected. */
export function FirstTry() {
  const trial = useTrial();
  const hasSteps = useEditor((state) => state.document.steps.length > 1);
  if (!hasSteps || trial.reason !== null) return null;
  return (
    <div className={classes.form}>
      <Button
        leftSection={<IconPlayerPlay size={15} stroke={1.75} />}
        loading={trial.isStarting}
        onClick={() => trial.start({ calls: 'none' })}
      >
        Try it with stand-ins
      </Button>
      <p className={classes.hint}>Needs no connection and nothing leaves: each service answers with its sample.</p>
    </div>
  );
}
