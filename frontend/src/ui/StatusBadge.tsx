import {
  type Icon,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockPause,
  IconCopy,
  IconHandStop,
  IconHelpOctagon,
  IconLoader2,
  IconRotateClockwise,
  IconShieldX,
  IconUserCheck,
} from '@tabler/icons-react';
import classes from './StatusBadge.module.css';

type Tone = 'running' | 'succeeded' | 'failed' | 'waiting' | 'in-doubt' | 'quiet';

const looks = {
  running: ['running', IconLoader2, 'Running'],
  succeeded: ['succeeded', IconCircleCheck, 'Succeeded'],
  healthy: ['succeeded', IconCircleCheck, 'Healthy'],
  verified: ['succeeded', IconCircleCheck, 'Verified'],
  accepted: ['succeeded', IconCircleCheck, 'Accepted'],
  approved: ['succeeded', IconCircleCheck, 'Approved'],
  replayed: ['succeeded', IconRotateClockwise, 'Replayed'],
  failed: ['failed', IconCircleX, 'Failed'],
  failing: ['failed', IconCircleX, 'Failing'],
  refused: ['failed', IconShieldX, 'Refused'],
  stopped: ['failed', IconHandStop, 'Stopped'],
  revoked: ['failed', IconBan, 'Revoked'],
  waiting: ['waiting', IconClockPause, 'Waiting'],
  held: ['waiting', IconClockPause, 'Held'],
  expiring: ['waiting', IconClockPause, 'Due soon'],
  overdue: ['failed', IconClockPause, 'Overdue'],
  unauthorized: ['waiting', IconUserCheck, 'Not authorized'],
  'needs-approval': ['waiting', IconUserCheck, 'Needs approval'],
  in_doubt: ['in-doubt', IconHelpOctagon, 'In doubt'],
  skipped: ['quiet', IconCircleDashed, 'Not taken'],
  untested: ['quiet', IconCircleDashed, 'Not tested'],
  pending: ['quiet', IconCircleDashed, 'Not yet'],
  duplicate: ['quiet', IconCopy, 'Duplicate'],
  cancelled: ['quiet', IconBan, 'Cancelled'],
  off: ['quiet', IconBan, 'Off'],
} as const satisfies Record<string, readonly [Tone, Icon, string]>;

export type Status = keyof typeof looks;

/** The tone of a status, for bars and edges drawn elsewhere: the variable is `--<tone>`, quiet is `--ink-3`. */
export function toneOf(status: Status): Tone {
  return looks[status][0];
}

export function StatusIcon(props: { status: Status; size?: number }) {
  const [tone, Glyph, word] = looks[props.status];
  return (
    <span className={classes.icon} data-tone={tone}>
      <Glyph
        size={props.size ?? 14}
        stroke={2}
        aria-hidden
        className={props.status === 'running' ? classes.turning : undefined}
      />
      <span className="for-readers">{word}</span>
    </span>
  );
}

/** Word, icon and colour of a state. `plain` leaves the tint out, as in rows; `children` replaces the word. */
export function StatusBadge(props: { status: Status; plain?: boolean; children?: React.ReactNode }) {
  const [tone, Glyph, word] = looks[props.status];
  return (
    <span className={classes.badge} data-tone={tone} data-plain={props.plain || undefined}>
      <Glyph size={14} stroke={2} aria-hidden className={props.status === 'running' ? classes.turning : undefined} />
      {props.children ?? word}
    </span>
  );
}
