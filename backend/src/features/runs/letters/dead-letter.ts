import type { RunEntity } from '../run.entity.js';

/*
 * A dead letter is a run that failed for good and that nobody has dealt with. A trial is none, nor what another run waits
 * for, which fails in its place. What was tried again is none: the retry stands for it, and is one itself when it fails or
 * is cancelled. Told twice, for rows that are looked for and for one that is at hand.
 */

/** But for what was tried again; of `run`. */
export const failedForGood = `run.status in ('failed', 'cancelled') and (run.status = 'failed' or run.retry_of is not null)
  and run.version > 0 and not run.parent_waits and run.closed_at is null`;

/** As the index run_dead says it, so that the planner takes it. */
export const isOpenLetter = `${failedForGood} and not run.tried_again`;

/** As the index run_closed says it. */
export const isClosedLetter = 'run.closed_at is not null';

export const isOwned = 'exists (select from flow f where f.id = run.flow_id and f.owner_id = :owner)';

export function letterOf(run: RunEntity): 'open' | 'closed' | null {
  if (run.closedAt !== null) return 'closed';
  const isEnd = run.status === 'failed' || (run.status === 'cancelled' && run.retryOf !== null);
  return isEnd && run.version > 0 && !run.parentWaits && !run.triedAgain ? 'open' : null;
}
