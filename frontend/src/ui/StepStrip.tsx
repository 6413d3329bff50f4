import { type Status, toneOf } from './StatusBadge.js';
import { plural } from '../lib/format-count.js';
import classes from './StepStrip.module.css';

const words: Partial<Record<Status, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  running: 'running',
  waiting: 'waiting',
  in_doubt: 'in doubt',
  skipped: 'not taken',
  cancelled: 'cancelled',
};

/** `8 of 10 succeeded, 1 failed, 1 not taken` */
export function stripLabel(steps: readonly Status[]): string {
  const counts = new Map<Status, number>();
  for (const status of steps) counts.set(status, (counts.get(status) ?? 0) + 1);
  const good = counts.get('succeeded') ?? 0;
  const rest = [...counts]
    .filter(([status]) => status !== 'succeeded')
    .map(([status, count]) => `${count} ${words[status] ?? status}`);
  return [`${good} of ${plural(steps.length, 'step')} succeeded`, ...rest].join(', ');
}

/** One block a step: the shape of a run at a glance. */
export function StepStrip(props: { steps: readonly Status[] }) {
  return (
    <span className={classes.strip} role="img" aria-label={stripLabel(props.steps)}>
      {props.steps.slice(0, 40).map((status, index) => (
        <i key={index} data-tone={toneOf(status)} />
      ))}
    </span>
  );
}
