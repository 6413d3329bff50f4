import type { CallFailure } from './retry-policy.js';

/** What came of a call that Sluice itself put off: a kill switch, a rate limit, a service that is down. */
export interface PutOff {
  code: string;
  message: string;
  retryAfterSeconds: number;
}

/** `reached`: the attempt had made calls before this one, so some of its work may be done. */
export function pauseFailure({ code, message, retryAfterSeconds }: PutOff, reached: boolean): CallFailure {
  return { code, message, mayRetry: true, uncertain: reached, retryAfterSeconds, isPause: true };
}

/** Whether a kill switch put the call off: it may go as soon as that is released. */
export function isHold({ code }: { code: string }): boolean {
  return code === 'broker.stopped';
}

/** When a put-off call is tried again. Never early, and not all that wait at the same moment; `random` is from 0 to 1. */
export function pauseMs({ retryAfterSeconds = 30 }: CallFailure, random: number): number {
  return Math.ceil(1000 * retryAfterSeconds * (1 + random / 4));
}
