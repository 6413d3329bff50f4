import type { CallFailure } from '../../engine/retry-policy.js';
import type { NoticeCause } from '../../journal/notice-cause.js';
import type { PollUpdate } from '../../journal/records.js';
import type { Watch } from './watch.js';

type Trouble = PollUpdate['trouble'];

/** After so many failures in a row the flow's owner hears of it; at once of what doesn't pass by itself. */
const patience = 3;

/** What is shown after a look that failed. What was only put off is no failure. */
export function troubleAfter(before: Trouble, { code, message, isPause }: CallFailure, now: number): Trouble {
  if (isPause === true) return before;
  const isFirst = before === null || before.times === 0;
  return { code, message, since: isFirst ? now : before.since, times: isFirst ? 1 : before.times + 1 };
}

export function causesOf(
  { workspace, flow, environment, step }: Watch,
  { isPause, mayRetry }: CallFailure,
  trouble: Trouble,
): NoticeCause[] {
  if (isPause === true || trouble?.times !== (mayRetry ? patience : 1)) return [];
  const about = { kind: 'flow', id: flow, flow, environment, step } as const;
  return [{ workspace, kind: 'poll.failed', about, audience: { flow }, detail: { times: trouble.times } }];
}
