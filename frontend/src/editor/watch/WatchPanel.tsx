import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { StepResult } from '../trial/StepResult.js';
import { PassStepper } from './PassStepper.js';
import type { Watched } from './use-watched-run.js';
import classes from './Watch.module.css';

/** What one step of the run took in and gave; a loop is looked into pass by pass. */
export function WatchPanel({ watched }: { watched: Watched }) {
  const { run, selected } = watched;
  const loop = selected?.passes ? selected : watched.steps.find(({ id }) => id === selected?.inside);
  const title = selected === undefined ? 'This run' : (selected.name ?? selected.id);
  return (
    <section className={classes.panel} aria-label={selected === undefined ? title : `Step ${title} in the run`}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {selected && (
          <ActionIcon aria-label="Close the step" onClick={() => watched.select(null)}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        )}
      </header>
      <div className={classes.body}>
        {selected === undefined ? (
          <>
            {run.error && <p className={classes.error}>{run.error.message}</p>}
            <p className="voice-3">Select a step to see what it took in and gave. Values stay masked.</p>
          </>
        ) : (
          <>
            {loop && (
              <PassStepper run={run.id} loop={loop} shown={watched.passes.get(loop.key)} onShow={watched.showPass} />
            )}
            <StepResult step={selected} of="run" />
          </>
        )}
      </div>
    </section>
  );
}
