import { missedChoices } from '@sluice/shared/connector';
import { z } from 'zod';
import { schedule } from '../connector.js';
import { mostKnown } from '../plan.js';
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
      missed: z.enum(missedChoices).default('once').meta({
        title: 'After a downtime',
        description:
          'once: the last time that was missed, if not older than a day, starts a run. skip: none does. all: each does, the newest first to count.',
      }),
      mostMissed: z.int().min(1).max(mostKnown).default(10).meta({
        title: 'At most',
        description: 'Of all: so many missed times start a run, the newest ones.',
      }),
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
