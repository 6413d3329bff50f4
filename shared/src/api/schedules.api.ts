import { z } from 'zod';
import { missedChoices } from '../connector/missed.js';
import { contract, page, timeSchema } from './contract.js';
import { runStatuses } from './run-summary.js';

/** A deployed flow that starts at set times. */
export const scheduleSchema = z.object({
  /** The same for each version of the flow in an environment. */
  id: z.string(),
  flow: z.object({ id: z.string(), name: z.string() }),
  environment: z.string(),
  version: z.number(),
  pattern: z.string(),
  timeZone: z.string(),
  missed: z.enum(missedChoices),
  mostMissed: z.number(),
  /** The next ten times, unless fewer come; none while a kill switch holds it. */
  next: z.array(timeSchema),
  /** The last time that started a run. */
  last: z
    .object({
      at: timeSchema,
      /** Its status is null once the run is kept no more. */
      run: z.object({ id: z.string(), status: z.enum(runStatuses).nullable() }),
    })
    .nullable(),
  /** The last time at which it was due and has not run. */
  lateSince: timeSchema.nullable(),
  /** Who holds it back with a kill switch, and why. */
  stopped: z.string().nullable(),
});
export type Schedule = z.output<typeof scheduleSchema>;

export const schedulesApi = {
  list: contract({
    method: 'GET',
    path: '/schedules',
    tag: 'schedules',
    summary: 'Every deployed flow that starts at set times: when it did last, and when it will',
    access: 'runs.read',
    reply: page(scheduleSchema),
  }),
  preview: contract({
    method: 'GET',
    path: '/schedules/preview',
    tag: 'schedules',
    summary: 'The next ten times that a pattern names in a time zone, or what is wrong with it',
    access: 'member',
    query: z.strictObject({
      pattern: z.string().max(100).default('0 7 * * *'),
      timeZone: z.string().max(60).default('UTC'),
    }),
    reply: z.object({
      times: z.array(timeSchema),
      /** What to write instead. Half a pattern is no mistake while somebody types, so this is an answer and no refusal. */
      problem: z.string().nullable(),
    }),
  }),
};
