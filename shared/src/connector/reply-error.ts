import { ConnectorError } from './connector-error.js';
import type { HttpReply } from './http.js';

/**
 * The error a reply's status stands for; null for 1xx to 3xx.
 *
 * 401 and 403 are `unauthorized`, 429 `rate-limited`, 408 and 5xx `unavailable`, other 4xx `rejected`.
 * A 5xx doesn't say whether the work was done, so it is `uncertain`, except 503, which a server sends when it
 * could not begin (RFC 9110, 15.6.4). `what` begins the sentence, e.g. `HubSpot`; `said` is the service's own
 * explanation: give only what may stand in a log.
 */
export function replyError(reply: HttpReply, what: string, said?: string): ConnectorError | null {
  const { status } = reply;
  if (status < 400) return null;
  const message = said === undefined ? `${what} answered ${status}.` : `${what} answered ${status}: ${said}`;
  const retryAfterSeconds = readRetryAfter(reply.headers);
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (status === 401 || status === 403) return new ConnectorError('unauthorized', message, { status });
  if (status === 429) return new ConnectorError('rate-limited', message, { status, ...wait });
  if (status === 408) return new ConnectorError('unavailable', message, { status, ...wait });
  if (status >= 500) return new ConnectorError('unavailable', message, { status, uncertain: status !== 503, ...wait });
  return new ConnectorError('rejected', message, { status });
}

/** Seconds, or a date, which is read against the reply's own Date: the two clocks need not agree (RFC 9110, 10.2.3). */
export function readRetryAfter(headers: HttpReply['headers']): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const seconds = Math.ceil((Date.parse(value) - Date.parse(headers.date ?? '')) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
