import type { BrokerAnswer, BrokerFailure, CallRecord, RefusalReason } from './call.js';

/** Ends a call from anywhere inside the broker; the desk turns it into the answer's failure. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded';
  readonly failure: BrokerFailure;

  constructor(failure: BrokerFailure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/** Sluice itself said no, before anything was sent. */
export function refused(
  code: `broker.${string}` | `egress.${string}`,
  message: string,
  reason?: RefusalReason,
): CallEnded {
  return new CallEnded({ kind: 'refused', code, message, uncertain: false, ...(reason && { reason }) });
}

/** Not now: nothing was sent, nothing is wrong with the call, and it may be made after so long. */
export function putOff(code: `broker.${string}`, message: string, retryAfterSeconds: number): CallEnded {
  return new CallEnded({ kind: 'refused', code, message, uncertain: false, retryAfterSeconds });
}

/** The run may be another process's by now. */
export const late = putOff(
  'broker.late',
  'It took too long to begin, and the run may have moved on: nothing was sent, the step goes on.',
  1,
);

/** Could not be reached. One sentence for denied, closed, filtered and unknown: what differs would map a network. */
export function unreachable(host: string, reason: RefusalReason, cause?: unknown): CallEnded {
  const message = `${host} can't be reached: check the host and port, that the service is up, and, if it is private, that SLUICE_ALLOW_PRIVATE_HOSTS lists it.`;
  return new CallEnded({ kind: 'unavailable', code: 'egress.unreachable', message, uncertain: false, reason }, cause);
}

/** Something went wrong on the way; `uncertain` when the request had been written. */
export function broke(
  failure: { code: `egress.${string}` | `broker.${string}`; message: string; uncertain: boolean },
  cause?: unknown,
): CallEnded {
  return new CallEnded({ kind: 'unavailable', ...failure }, cause);
}

/** The answer to a call that came to nothing. */
export function failed({ failure }: CallEnded, record: CallRecord | null = null): BrokerAnswer {
  return { ok: false, failure, record };
}
