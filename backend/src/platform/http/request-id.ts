import type { NextFunction, Request, Response } from 'express';
import { newId } from '../ids.js';
import './session-data.js';

/** Every request gets an id of our own; it is in the answer, the log and the audit entry. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  req.requestId = newId('request');
  res.setHeader('X-Request-Id', req.requestId);
  next();
}
