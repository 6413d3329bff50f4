import { declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { readTime, timeField, zoneField } from './moment.js';

export const difference = declareComputation({
  title: 'Time between two times',
  description: 'How long from one time to another; below zero when the second comes first.',
  input: z.strictObject({
    from: timeField('From'),
    to: timeField('To'),
    unit: field.choice(['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'], 'Unit').default('days'),
    zone: zoneField,
  }),
  output: z.object({
    /** With its fraction. */
    amount: z.number(),
    /** Without it. */
    whole: z.int(),
    /** As ISO 8601 writes a duration: `P14D`. */
    duration: z.string(),
  }),
  sample: {
    input: { from: '2026-05-01T08:00:00Z', to: '2026-05-15T20:00:00Z', unit: 'days' },
    output: { amount: 14.5, whole: 14, duration: 'P14DT12H' },
  },
  compute({ from, to, unit, zone }) {
    const begin = readTime(from, zone);
    const between = begin.until(readTime(to, zone).withTimeZone(begin), { largestUnit: unit });
    const amount = between.total({ unit, relativeTo: begin });
    return { amount, whole: Math.trunc(amount), duration: between.toString() };
  },
});
