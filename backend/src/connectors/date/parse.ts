import { ComputeError, declareComputation, field } from '@sluice/shared/connector';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { momentOf, momentSchema, readTime, zoneField, zoneOf } from './moment.js';
import { patternHelp, readByPattern } from './pattern.js';

export const parse = declareComputation({
  title: 'Read a time',
  description: 'Makes a time of a text as others write it.',
  input: z.strictObject({
    text: z.union([z.string().max(200), z.number()]).meta({ title: 'Text' }),
    form: field
      .choice(['ISO 8601', 'pattern', 'seconds since 1970', 'milliseconds since 1970'], 'Form')
      .default('ISO 8601'),
    pattern: z.string().min(1).max(100).optional().meta({ title: 'Pattern', description: patternHelp }),
    zone: zoneField,
  }),
  output: momentSchema,
  sample: {
    input: { text: '01.05.2026 10:00', form: 'pattern', pattern: 'dd.MM.yyyy HH:mm', zone: 'Europe/Berlin' },
    output: {
      time: '2026-05-01T08:00:00Z',
      local: '2026-05-01T10:00:00+02:00[Europe/Berlin]',
      date: '2026-05-01',
      weekday: 5,
      seconds: 1_777_622_400,
    },
  },
  compute({ text, form, pattern, zone }) {
    switch (form) {
      case 'ISO 8601':
        return momentOf(readTime(String(text), zone));
      case 'pattern':
        if (pattern === undefined) throw new ComputeError('The form is a pattern, and none is given: add the pattern.');
        return momentOf(readByPattern(String(text), pattern, zoneOf(zone ?? 'UTC')));
      case 'seconds since 1970':
        return momentOf(since1970(text, 1000, zone));
      case 'milliseconds since 1970':
        return momentOf(since1970(text, 1, zone));
    }
  },
});

function since1970(text: string | number, unit: number, zone = 'UTC'): Temporal.ZonedDateTime {
  const written = String(text).trim();
  const milliseconds = /^-?\d{1,15}(?:\.\d+)?$/.test(written) ? Math.round(Number(written) * unit) : Number.NaN;
  // What Temporal reaches: 100 million days around 1970.
  if (!(Math.abs(milliseconds) <= 8.64e15))
    throw new ComputeError('The text is no number of seconds or milliseconds since 1970.');
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zoneOf(zone));
}
