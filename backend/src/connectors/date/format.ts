import { declareComputation } from '@sluice/shared/connector';
import { z } from 'zod';
import { readTime, timeField, zoneField } from './moment.js';
import { patternHelp, writeByPattern } from './pattern.js';

export const format = declareComputation({
  title: 'Write a time',
  description: 'Writes a time by a pattern, as people of a time zone read it. Names are English.',
  input: z.strictObject({
    time: timeField('Time'),
    pattern: z.string().min(1).max(100).meta({ title: 'Pattern', description: patternHelp }),
    zone: zoneField,
  }),
  output: z.object({ text: z.string() }),
  sample: {
    input: { time: '2026-05-01T08:00:00Z', pattern: 'EEE d MMMM yyyy, HH:mm', zone: 'Europe/Berlin' },
    output: { text: 'Fri 1 May 2026, 10:00' },
  },
  compute: ({ time, pattern, zone }) => ({ text: writeByPattern(readTime(time, zone), pattern) }),
});
