import type { IncomingHttpHeaders } from 'node:http';
import type { Store } from 'express-session';
import type { MemberLookup } from './access.guard.js';
import { bearerOf } from './bearer.js';
import './session-data.js';

/** The part of a request that says whose it is. */
interface Signed {
  headers: IncomingHttpHeaders;
  ip?: string | undefined;
  session: { memberId?: string };
  sessionID: string;
  sessionStore: Pick<Store, 'get'>;
  requestId: string;
}

/** Whether the session or token behind a request that goes on for long still holds: not ended meanwhile, its member not switched off. */
export async function isStillSignedIn(req: Signed, members: MemberLookup): Promise<boolean> {
  const token = bearerOf(req);
  if (token !== null) {
    const found = await members.findBearer(token, { address: req.ip ?? '', requestId: req.requestId });
    return found !== null && found.refusal === null;
  }
  const { memberId } = req.session;
  if (memberId === undefined || !(await isStored(req))) return false;
  return (await members.findActor(memberId, req.requestId)) !== null;
}

function isStored(req: Signed): Promise<boolean> {
  return new Promise((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error: unknown, session) => {
      if (error === null || error === undefined) resolve(session !== null && session !== undefined);
      else reject(error);
    });
  });
}
