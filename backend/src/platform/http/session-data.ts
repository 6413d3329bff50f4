import 'express-session';
import type { Actor } from '../actor.js';

declare module 'express-session' {
  interface SessionData {
    /** Set only after the second factor. */
    memberId?: string;
    /** Between password and second factor: nothing but `/auth/enrol`, `/auth/totp` and `/auth/logout` opens. */
    pendingMemberId?: string;
    pendingSince?: number;
    /** Milliseconds; until then a second factor counts as fresh. */
    steppedUpUntil?: number;
    startedAt?: number;
    lastSeenAt?: number;
    address?: string;
    userAgent?: string;
  }
}

declare global {
  namespace Express {
    interface Request {
      requestId: string;
      actor?: Actor;
    }
  }
}
