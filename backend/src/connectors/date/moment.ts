import { ComputeError } from '@sluice/shared/connector';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/* A moment as steps take and give it. */

export const timeField = (title: string) =>
  z
    .string()
    .max(200)
    .meta({ title, description: 'ISO 8601: 2026-05-01T10:00:00+02:00, 2026-05-01 10:00, or 2026-05-01.' });

export const zoneField = z.string().min(1).max(100).optional().meta({
  title: 'Time zone',
  description: 'Europe/Berlin. UTC unless said, or unless the time names its own.',
});

export const momentSchema = z.object({
  /** In UTC: `2026-05-01T08:00:00Z`. */
  time: z.string(),
  /** With offset and zone (RFC 9557): `2026-05-01T10:00:00+02:00[Europe/Berlin]`. */
  local: z.string(),
  /** In its zone. */
  date: z.string(),
  /** Monday is 1. */
  weekday: z.int(),
  /** Since 1970. */
  seconds: z.int(),
});

export function momentOf(at: Temporal.ZonedDateTime): z.output<typeof momentSchema> {
  return {
    time: at.toInstant().toString(),
    local: at.toString(),
    date: at.toPlainDate().toString(),
    weekday: at.dayOfWeek,
    seconds: Math.floor(at.epochMilliseconds / 1000),
  };
}

/**
 * Reads ISO 8601 and RFC 9557. A time without an offset is one of its zone: one that the clocks skip is as much later,
 * one that they repeat is the first of the two (RFC 5545). Throws ComputeError.
 */
export function readTime(text: string, zone: string | undefined): Temporal.ZonedDateTime {
  const given = text.trim();
  const at = zone === undefined ? 'UTC' : zoneOf(zone);
  try {
    if (given.endsWith(']')) {
      const named = Temporal.ZonedDateTime.from(given);
      return zone === undefined ? named : named.withTimeZone(at);
    }
    if (/[T ].*(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(given)) return Temporal.Instant.from(given).toZonedDateTimeISO(at);
    if (!/[T ]/i.test(given)) return Temporal.PlainDate.from(given).toZonedDateTime(at);
    return Temporal.PlainDateTime.from(given).toZonedDateTime(at);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ComputeError(
      'The text is no time in ISO 8601, such as 2026-05-01T10:00:00+02:00: read it with its pattern first.',
    );
  }
}

/** An IANA name or an offset. Throws ComputeError. */
export function zoneOf(name: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    throw new ComputeError(
      `There is no time zone ${JSON.stringify(name.slice(0, 60))}: give an IANA name such as Europe/Berlin, or an offset such as +02:00.`,
    );
  }
}
