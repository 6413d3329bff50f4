export type ConnectorErrorCode = 'rejected' | 'unauthorized' | 'rate-limited' | 'unavailable' | 'bad-reply';

/**
 * Why a call to a service did not do its work. `rate-limited` and `unavailable` may be tried again;
 * the rest may not. `uncertain` says that bytes were sent and no answer, or only a 5xx,
 * was read: the work may have happened.
 */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly code: ConnectorErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly uncertain: boolean;
  readonly status: number | undefined;

  constructor(
    code: ConnectorErrorCode,
    message: string,
    more: { retryAfterSeconds?: number; uncertain?: boolean; status?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.uncertain = more.uncertain ?? false;
    this.status = more.status;
  }
}
