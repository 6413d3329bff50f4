import {
  formatAhead,
  formatDay,
  formatPreciseTime,
  formatShortTime,
  formatTime,
  formatUtc,
} from '../lib/format-time.js';
import { now } from '../lib/now.js';

const formats = {
  time: formatTime,
  precise: formatPreciseTime,
  short: formatShortTime,
  day: formatDay,
  ahead: formatAhead,
};

/** A moment in the reader's zone, with exact UTC on hover. `at` is ISO 8601. */
export function Time(props: { at: string; as?: keyof typeof formats }) {
  const at = new Date(props.at);
  return (
    <time dateTime={props.at} title={formatUtc(at)} className="numbers" style={{ whiteSpace: 'nowrap' }}>
      {formats[props.as ?? 'time'](at, now())}
    </time>
  );
}
