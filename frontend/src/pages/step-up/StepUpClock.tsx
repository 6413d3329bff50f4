import { IconShieldLock } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { useNow } from '../../lib/now.js';
import classes from './StepUpClock.module.css';

/** How long the second factor counts as fresh, running down; nothing once it has run out. */
export function StepUpClock() {
  const until = useSuspenseQuery(meQuery()).data.steppedUpUntil;
  const at = useNow(1000);
  const seconds = until === null ? 0 : Math.floor((new Date(until).getTime() - at.getTime()) / 1000);
  if (seconds <= 0) return null;
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <span
      className={classes.clock}
      role="timer"
      aria-label={`Second factor fresh for ${left}`}
      title="Second factor fresh"
    >
      <IconShieldLock size={14} stroke={2} aria-hidden />
      {left}
    </span>
  );
}
