import { formatAhead, formatUtc } from '../lib/format-time.js';
import { now } from '../lib/now.js';
import classes from './NextTimes.module.css';

/** Times to come as the clocks of their place will show them: `Fri, 27 Nov 2026, 08:00`. */
export function NextTimes(props: { label: string; times: readonly string[]; timeZone: string }) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: props.timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (
    <ol className={classes.times} aria-label={props.label}>
      {props.times.map((time) => (
        <li key={time}>
          <time dateTime={time} title={formatUtc(new Date(time))} className="numbers">
            {format.format(new Date(time))}
          </time>
          <span className={classes.ahead}>{formatAhead(new Date(time), now())}</span>
        </li>
      ))}
    </ol>
  );
}
