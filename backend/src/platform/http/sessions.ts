import connectPgSimple from 'connect-pg-simple';
import type { RequestHandler } from 'express';
import session from 'express-session';
import type pg from 'pg';
import type { Clock } from '../clock.js';
import './session-data.js';

/** However busy it is used, a session ends after this; and sooner when nobody uses it. */
const lifeMs = 12 * 3_600_000;
const idleMs = 2 * 3_600_000;
const touchMs = 60_000;

/** Sessions live in PostgreSQL, so that they can be listed and revoked; the cookie holds a signed id and nothing else. */
export function sessions({
  pool,
  secret,
  isSecure,
  clock,
}: {
  pool: pg.Pool;
  secret: string;
  isSecure: boolean;
  clock: Clock;
}): RequestHandler[] {
  const Store = connectPgSimple(session);
  const open = session({
    store: new Store({ pool, tableName: 'session', createTableIfMissing: false, pruneSessionInterval: false }),
    secret,
    // `__Host-` binds the cookie to this host and to TLS; browsers refuse the prefix without TLS.
    name: isSecure ? '__Host-sluice' : 'sluice',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/', maxAge: lifeMs },
  });
  return [open, expire(clock)];
}

/** Ends what is too old or was left alone, and notes now and then that a session is in use. */
function expire(clock: Clock): RequestHandler {
  return (req, _res, next) => {
    const { startedAt, lastSeenAt = 0, memberId } = req.session;
    if (memberId === undefined || startedAt === undefined) return next();
    const now = clock.now();
    if (now > startedAt + lifeMs || now > lastSeenAt + idleMs) return req.session.regenerate(next);
    if (now > lastSeenAt + touchMs) req.session.lastSeenAt = now;
    next();
  };
}
