import { z } from 'zod';
import { schedule } from '../connector.js';
import { patternProblem } from '../slots.js';

export const due = schedule.trigger({
  title: 'At set times',
  description: 'Starts a run at each time that the pattern names: "0 7 * * 1-5" is 7:00 on weekdays.',
  scopes: [],
  scheme: 'schedule',
  params: z
    .strictObject({
      pattern: z.string().max(100).default('0 7 * * *'),
      timeZone: z.string().max(60).default('UTC'),
    })
    .check((ctx) => {
      const problem = patternProblem(ctx.value);
      if (problem !== null)
        ctx.issues.push({ code: 'custom', message: problem, input: ctx.value.pattern, path: ['pattern'] });
    }),
  classes: { slot: 'public' },
  event: z.object({ slot: z.iso.datetime() }),
  sample: { slot: '2026-11-27T07:00:00.000Z' },
});
