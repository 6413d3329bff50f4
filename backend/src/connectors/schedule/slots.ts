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

/** The first slots after a time, in milliseconds since 1970; fewer where the pattern names no more. */
export function slotsAfter(of: Pattern, now: number, count: number): number[] {
  return cron(of)
    .nextRuns(count, new Date(now))
    .map((time) => time.getTime());
}

/** Of the slots after one time and up to another the newest, at most so many, oldest first. */
export function slotsBetween(
  of: Pattern,
  { after, until, most }: { after: number; until: number; most: number },
): number[] {
  // A slot counts from its own moment on, and croner looks before the second it is given.
  const before = cron(of).previousRuns(most + 1, new Date(until + 1000));
  return before
    .map((time) => time.getTime())
    .filter((time) => time > after && time <= until)
    .slice(0, most)
    .toReversed();
}

function cron({ pattern, timeZone }: Pattern): Cron {
  return new Cron(pattern, { timezone: timeZone, paused: true, mode: '5-part' });
}
