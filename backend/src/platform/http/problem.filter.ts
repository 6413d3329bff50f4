import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { ProblemBody } from '@sluice/shared/api';
import type { Request, Response } from 'express';
import { isDatabaseAway } from '../database/is-database-away.js';
import { KeyServiceAway } from '../keys/key-service.js';
import { Log } from '../log.js';
import { Problem } from '../problem.js';

/** Writes the one audit event that a refused request leaves. */
export abstract class RefusalLog {
  abstract refused(req: Request, problem: Problem): Promise<void>;
}

/** The one place where something thrown becomes an answer. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly refusals: RefusalLog,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const req = host.switchToHttp().getRequest<Request>();
    const res = host.switchToHttp().getResponse<Response>();
    const problem = toProblem(thrown);
    if (problem.status >= 500) this.log.error('request failed', { requestId: req.requestId, error: thrown });
    else await this.record(req, problem);
    if (res.headersSent) {
      res.end();
      return;
    }
    if (problem.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(problem.retryAfterSeconds));
    res.status(problem.status).json(problemBody(problem, req.requestId));
  }

  /** A log that can't be written must not turn a refusal into an answer that says yes; it stays a refusal. */
  private async record(req: Request, problem: Problem): Promise<void> {
    try {
      await this.refusals.refused(req, problem);
    } catch (error) {
      this.log.error('a refusal could not be logged', { requestId: req.requestId, error });
    }
  }
}

export function problemBody(problem: Problem, requestId: string): ProblemBody {
  return {
    code: problem.code,
    message: problem.message,
    requestId,
    ...(problem.issues === undefined ? {} : { issues: [...problem.issues] }),
  };
}

/** Errors of the body parser carry a `type`; Nest's own carry a status. The rest are bugs. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const type = typeof thrown === 'object' && thrown !== null && 'type' in thrown ? thrown.type : undefined;
  if (type === 'entity.too.large') return new Problem('request.too_large', { cause: thrown });
  if (type === 'entity.parse.failed') return new Problem('request.not_json', { cause: thrown });
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new Problem('request.wrong_type', { cause: thrown });
  const status = statusOf(thrown);
  if (status === 404) return new Problem('route.unknown', { cause: thrown });
  if (status >= 400 && status < 500) return new Problem('request.invalid', { cause: thrown });
  if (thrown instanceof KeyServiceAway)
    return new Problem('keys.away', { message: thrown.message, retryAfterSeconds: 5, cause: thrown });
  if (isDatabaseAway(thrown)) return new Problem('server.busy', { retryAfterSeconds: 2, cause: thrown });
  return new Problem('server.failed', { cause: thrown });
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  return typeof status === 'number' ? status : 500;
}
