import type { Retry } from '@sluice/shared/flow';
import type { Effect } from '@sluice/shared/connector';
import { pauseMs } from './pause-policy.js';

/** Why a call did not do its work, in the engine's words. */
export interface CallFailure {
  /** Stable: `connector.rejected`, `broker.no_grant`, `step.timeout`, ... */
  code: string;
  message: string;
  mayRetry: boolean;
  /** Bytes were sent and no answer was understood: the work may have happened. */
  uncertain: boolean;
  retryAfterSeconds?: number | undefined;
  /** Sluice itself put the call off: it counts as no attempt, and is made again however often that takes. */
  isPause?: boolean;
}

export type Verdict = { kind: 'in-doubt' } | { kind: 'retry' | 'pause'; afterMs: number } | { kind: 'final' };

const longestBackoffSeconds = 3600;

/** What follows a failed attempt. `failures` counts this one; `random` is from 0 to 1. */
export function judgeFailure(
  failure: CallFailure,
  {
    effect,
    retry,
    failures,
    random,
  }: { effect: Effect['class']; retry: Retry | undefined; failures: number; random: number },
): Verdict {
  // Never repeated by itself once it may have happened: a person decides.
  if (effect === 'unsafe' && failure.uncertain) return { kind: 'in-doubt' };
  if (failure.isPause === true) return { kind: 'pause', afterMs: pauseMs(failure, random) };
  if (!failure.mayRetry || retry === undefined || failures >= retry.attempts) return { kind: 'final' };
  return { kind: 'retry', afterMs: backoff(retry, { failures, random, retryAfterSeconds: failure.retryAfterSeconds }) };
}

/** By the step's own list up to a tenth later, else exponential with full jitter; and never before the service said. */
function backoff(
  retry: Retry,
  {
    failures,
    random,
    retryAfterSeconds = 0,
  }: { failures: number; random: number; retryAfterSeconds?: number | undefined },
): number {
  const listed = retry.pauses?.[Math.min(failures, retry.pauses.length) - 1];
  if (listed !== undefined) return Math.round(1000 * Math.max(listed * (1 + random / 10), retryAfterSeconds));
  const longest = retry.maxSeconds ?? longestBackoffSeconds;
  if (retry.backoff === 'fixed') return 1000 * Math.max(Math.min(retry.firstSeconds, longest), retryAfterSeconds);
  const ceiling = Math.min(retry.firstSeconds * 2 ** (failures - 1), longest);
  return Math.round(1000 * Math.max(random * ceiling, retryAfterSeconds));
}
