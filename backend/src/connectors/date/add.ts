import { ComputeError, declareComputation } from '@sluice/shared/connector';
import { z } from 'zod';
import { momentOf, momentSchema, readTime, timeField, zoneField } from './moment.js';

const amount = (title: string) => z.int().min(-1_000_000_000).max(1_000_000_000).default(0).meta({ title });

export const add = declareComputation({
  title: 'Add to a time',
  description:
    'Adds, or with a minus takes away. Days keep the hour when the clocks change, hours do not; 31 January and a month is the end of February.',
  input: z.strictObject({
    time: timeField('Time'),
    years: amount('Years'),
    months: amount('Months'),
    weeks: amount('Weeks'),
    days: amount('Days'),
    hours: amount('Hours'),
    minutes: amount('Minutes'),
    seconds: amount('Seconds'),
    zone: zoneField,
  }),
  output: momentSchema,
  sample: {
    input: { time: '2026-05-01T08:00:00Z', days: 14, zone: 'Europe/Berlin' },
    output: {
      time: '2026-05-15T08:00:00Z',
      local: '2026-05-15T10:00:00+02:00[Europe/Berlin]',
      date: '2026-05-15',
      weekday: 5,
      seconds: 1_778_832_000,
    },
  },
  compute({ time, zone, ...amounts }) {
    const from = readTime(time, zone);
    try {
      // Some may be added and others taken away, which one duration can't say: from the largest to the smallest.
      return momentOf(Object.entries(amounts).reduce((at, [unit, many]) => at.add({ [unit]: many }), from));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ComputeError('The sum lies outside of the calendar, 270,000 years from now.');
    }
  },
});
