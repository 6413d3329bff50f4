import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { Problem } from '../problem.js';
import { toProblem } from './problem.filter.js';
import { findUnstorable } from './storable.js';

const parse = express.json({ limit: '8mb', strict: false, type: 'application/json' });

/** JSON only: a body of any other type is refused instead of being guessed at (CVE family F4). */
export const jsonBody: RequestHandler = (req: Request, res: Response, next: NextFunction) => {
  const hasBody = Number(req.get('content-length') ?? 0) > 0 || req.get('transfer-encoding') !== undefined;
  if (!hasBody || req.method === 'GET') return next();
  if (req.is('application/json') === false) return next(new Problem('request.wrong_type'));
  parse(req, res, (error?: unknown) => next(error === undefined ? refuseUnstorable(req.body) : toProblem(error)));
};

function refuseUnstorable(body: unknown): Problem | undefined {
  const issue = findUnstorable(body);
  return issue === null ? undefined : new Problem('request.invalid', { issues: [issue] });
}
