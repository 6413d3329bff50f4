import { Button } from '@mantine/core';
import type { Reply, runsApi } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../lib/format-duration.js';
import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { StatusBadge, toneOf } from '../../ui/StatusBadge.js';
import { useTrial } from './use-trial.js';
import classes from './Trial.module.css';

/** In place of the manifest while a trial is drawn. */
export function TrialStrip(props: { onShow: (stepId: string) => void }) {
  const trial = useTrial();
  return trial.run && <RunStrip title="Trial" run={trial.run} onShow={props.onShow} onLeave={trial.leave} />;
}

/** How far a run is, and the way back to the drawing. */
export function RunStrip(props: {
  title: string;
  run: Reply<typeof runsApi.get>;
  onShow: (stepId: string) => void;
  onLeave: () => void;
}) {
  const { run } = props;
  const done = run.steps.filter(({ endedAt, status }) => endedAt !== null || status === 'skipped').length;
  const ms = run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);
  return (
    <section className={classes.strip} aria-label={props.title}>
      <div className={classes.lead}>
        <span>
          <strong>{props.title}</strong>
          <EnvironmentChip name={run.environment} small />
          <span role="status">
            <StatusBadge status={run.status} plain />
          </span>
        </span>
        <span className="voice-3">
          {plural(done, 'step')}
          {ms !== null && `, ${formatDuration(ms)}`}
        </span>
      </div>
      <div className={classes.bars}>
        {run.steps.map((step) => (
          <button
            type="button"
            key={step.key}
            className={classes.bar}
            data-tone={toneOf(step.status)}
            title={`${step.name ?? step.id}: ${step.status}`}
            aria-label={`${step.name ?? step.id}, ${step.status}`}
            onClick={() => props.onShow(step.id)}
          />
        ))}
      </div>
      {run.error && <p className={classes.failure}>{run.error.message}</p>}
      <div className={classes.actions}>
        <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.link}>
          Open the run
        </Link>
        <Button variant="default" size="sm" onClick={props.onLeave}>
          Back to drawing
        </Button>
      </div>
    </section>
  );
}
