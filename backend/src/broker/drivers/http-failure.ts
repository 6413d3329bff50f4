import { notConnected } from '../egress/not-connected.js';
import { broke, type CallEnded } from '../refusal.js';

export function timedOut(label: string, uncertain: boolean): CallEnded {
  return broke({
    code: 'egress.timeout',
    message: uncertain
      ? `${label} didn't answer in time: it may have done the work.`
      : `${label} could not be asked in time.`,
    uncertain,
  });
}

export function tooLarge(label: string): CallEnded {
  return broke({
    code: 'egress.too_large',
    message: `${label} sent more than Sluice reads (10 MiB of body, 64 KiB of headers): ask for less at a time.`,
    uncertain: true,
  });
}

export function badReply(label: string, cause: unknown): CallEnded {
  // zlib's word for what grows beyond `maxOutputLength`.
  if (hasCode(cause, 'ERR_BUFFER_TOO_LARGE')) return tooLarge(label);
  return broke({ code: 'egress.bad_reply', message: `The answer of ${label} can't be read.`, uncertain: true }, cause);
}

/** What a failed connection means, before (`uncertain` false) and after the request went out. */
export function connectionLost(label: string, uncertain: boolean, cause: unknown): CallEnded {
  if (hasCode(cause, 'UND_ERR_HEADERS_OVERFLOW')) return tooLarge(label);
  if (uncertain) {
    const message = `${label} broke off before it answered: it may have done the work.`;
    return broke({ code: 'egress.broken_off', message, uncertain }, cause);
  }
  return notConnected(label, cause);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
