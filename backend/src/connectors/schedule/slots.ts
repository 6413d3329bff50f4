import { Cron } from 'croner';

/*
 * Five fields, as cron has had since Unix: minute, hour, day of month, month, day of week. In the hour that a clock is
 * put back a slot comes once; one in the hour that is skipped comes right after it.
 */

export interface Pattern {
  pattern: string;
  /** IANA: `Europe/Berlin`. */
  timeZone: string;
}

/** Why a pattern names no times; null when it names some. */
export function patternProblem({ pattern, timeZone }: Pattern): string | null {
  if (pattern.trim().split(/\s+/).length !== 5)
    return 'a pattern has five fields, as in "0 7 * * 1-5" (7:00 on weekdays)';
  try {
    const next = cron({ pattern, timeZone }).nextRun();
    return next === null ? 'this pattern never comes true; check the day and the month' : null;
  } catch {
    return 'this is no pattern or time zone; write them as "0 7 * * 1-5" and "Europe/Berlin"';
  }
}

/** The first slot after a time, and the last one at or before it. Milliseconds since 1970; null for none. */
export function slotsAround(of: Pattern, now: number): { next: number | null; last: number | null } {
  const pattern = cron(of);
  const next = pattern.nextRun(new Date(now))?.getTime() ?? null;
  // A slot counts from its own moment on, and croner looks before the second it is given.
  const before = pattern.previousRuns(2, new Date(now + 1000)).map((time) => time.getTime());
  return { next, last: before.find((time) => time <= now) ?? null };
}

function cron({ pattern, timeZone }: Pattern): Cron {
  return new Cron(pattern, { timezone: timeZone, paused: true, mode: '5-part' });
}
