import { type Issue, type ProblemCode, problems } from '@sluice/shared/api';

/** Something the caller can mend: a 4xx answer with a stable code and one sentence. Anything else thrown is a bug. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly issues: readonly Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    more: { message?: string; issues?: readonly Issue[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    const [status, sentence] = problems[code];
    super(more.message ?? sentence, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = status;
    this.issues = more.issues;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}
