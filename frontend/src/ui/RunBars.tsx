import { plural } from '../lib/format-count.js';
import classes from './RunBars.module.css';

export interface RunBar {
  from: Date;
  other: number;
  failed: number;
  inDoubt: number;
}

const shortClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

const shortDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});
const dayMs = 86_400_000;

/** Runs a minute or so, or some hours of a longer span: what went well is grey, so that the rest stands out. A table stands behind it for readers. */
export function RunBars(props: { bars: readonly RunBar[] }) {
  const most = Math.max(1, ...props.bars.map((bar) => bar.other + bar.failed + bar.inDoubt));
  const marks = [0, 1 / 3, 2 / 3, 1].map(
    (at) => props.bars[Math.min(props.bars.length - 1, Math.round(at * (props.bars.length - 1)))],
  );
  const isLong = (props.bars.at(-1)?.from.getTime() ?? 0) - (props.bars[0]?.from.getTime() ?? 0) > dayMs;
  const write = (at: Date) => (isLong ? shortDay : shortClock).format(at);
  const failed = props.bars.reduce((sum, bar) => sum + bar.failed, 0);
  const total = props.bars.reduce((sum, bar) => sum + bar.other + bar.failed + bar.inDoubt, 0);
  return (
    <figure className={classes.figure} role="img" aria-label={`${plural(total, 'run')}, ${failed} failed`}>
      <div className={classes.bars} aria-hidden>
        {props.bars.map((bar) => (
          <span
            key={bar.from.getTime()}
            className={classes.bar}
            title={`${write(bar.from)}: ${plural(bar.other + bar.failed + bar.inDoubt, 'run')}`}
          >
            <i data-tone="in-doubt" style={{ height: `${(bar.inDoubt / most) * 100}%` }} />
            <i data-tone="failed" style={{ height: `${(bar.failed / most) * 100}%` }} />
            <i style={{ height: `${(bar.other / most) * 100}%` }} />
          </span>
        ))}
      </div>
      <div className={classes.axis} aria-hidden>
        {marks.map((bar, index) => (
          <span key={index}>{bar && write(bar.from)}</span>
        ))}
      </div>
    </figure>
  );
}
