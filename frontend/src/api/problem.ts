import { type Issue, type ProblemBody, problemBodySchema } from '@sluice/shared/api';

/** Every way in which a call can go wrong, in one shape. `code` is stable, `message` is for people. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly code: string;
  /** Null when the server never answered. */
  readonly requestId: string | null;
  readonly issues: readonly Issue[];

  constructor(body: Omit<ProblemBody, 'requestId'> & { requestId: string | null }, options?: ErrorOptions) {
    super(body.message, options);
    this.code = body.code;
    this.requestId = body.requestId;
    this.issues = body.issues ?? [];
  }
}

/** The problem in an answer that is no success; also when something between us answered instead. */
export function problemFromReply(status: number, body: unknown): ApiProblem {
  const parsed = problemBodySchema.safeParse(body);
  if (parsed.success) return new ApiProblem(parsed.data);
  return new ApiProblem({
    code: 'network.unexpected_answer',
    message: `The server answered ${status} in a form this page does not know. Reload the page, then try again.`,
    requestId: null,
  });
}

/** Anything thrown, as a problem. */
export function toProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  if (thrown instanceof TypeError) {
    return new ApiProblem(
      {
        code: 'network.unreachable',
        message: 'The server could not be reached. Nothing was changed; try again.',
        requestId: null,
      },
      { cause: thrown },
    );
  }
  return new ApiProblem(
    {
      code: 'page.failed',
      message: 'This page could not read the answer. Reload it; if that does not help, tell an admin.',
      requestId: null,
    },
    { cause: thrown },
  );
}
