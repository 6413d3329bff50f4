import type { Request } from 'express';
import { promisify } from 'node:util';
import type { Clock } from '../../../platform/clock.js';
import '../../../platform/http/session-data.js';

/** After a right password: a new session that opens nothing but the second step. */
export async function startPending(req: Request, memberId: string, clock: Clock): Promise<void> {
  await regenerate(req);
  req.session.pendingMemberId = memberId;
  req.session.pendingSince = clock.now();
  await save(req);
}

/** After the second factor. The session's id is new, so that one planted before sign-in is worth nothing. */
export async function openSession(req: Request, memberId: string, clock: Clock): Promise<void> {
  await regenerate(req);
  const now = clock.now();
  Object.assign(req.session, {
    memberId,
    startedAt: now,
    lastSeenAt: now,
    address: req.ip,
    userAgent: req.get('user-agent')?.slice(0, 300),
  });
  await save(req);
}

export async function endSession(req: Request): Promise<void> {
  await promisify(req.session.destroy.bind(req.session))();
}

async function regenerate(req: Request): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))();
}

async function save(req: Request): Promise<void> {
  await promisify(req.session.save.bind(req.session))();
}
