import { readRetryAfter, type HttpReply } from '@sluice/shared/connector';
import type { KnownStanding } from '../assert-standing.js';
import { putOff } from '../refusal.js';
import type { StandingDatabase } from '../standing.js';

/** A service that says more is asked again after this. */
const longestSeconds = 3600;
const askToWait = new Set([429, 503]);

/** The service itself did not ask to be left alone. Throws CallEnded. */
export function assertNotHeld({ held_until: until }: KnownStanding, now: number): void {
  if (until === null || until <= now) return;
  const seconds = Math.ceil((until - now) / 1000);
  const message = `The service asked for a pause of ${seconds} more seconds on this connection: nothing was sent.`;
  throw putOff('broker.held', message, seconds);
}

/** Keeps every call of the connection back, in all processes, as long as the reply asks for. True when it did ask. */
export async function keepHold(
  database: StandingDatabase,
  { connection, reply, now }: { connection: string; reply: HttpReply; now: number },
): Promise<boolean> {
  const seconds = askToWait.has(reply.status) ? (readRetryAfter(reply.headers) ?? 0) : 0;
  if (seconds === 0) return false;
  await database.query(
    `insert into rate_bucket as b (key, tokens, filled_at, next_at, held_until)
     values ($1, 'infinity', now(), now(), to_timestamp($2::double precision / 1000))
     on conflict (key) do update set held_until = greatest(b.held_until, excluded.held_until)`,
    [connection, now + 1000 * Math.min(seconds, longestSeconds)],
  );
  return true;
}
