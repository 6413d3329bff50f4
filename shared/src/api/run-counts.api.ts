import { z } from 'zod';
import { contract, timeSchema } from './contract.js';
import { runFilter } from './run-summary.js';

const countsSchema = z.object({
  running: z.number(),
  waiting: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  in_doubt: z.number(),
});

export const runCountsApi = {
  get: contract({
    method: 'GET',
    path: '/run-counts',
    tag: 'runs',
    summary:
      'How many runs began when and what became of them, by equal slices of a span, with the filters of the list',
    access: 'runs.read',
    query: z.strictObject({
      ...runFilter,
      slices: z.coerce.number().int().min(1).max(200).default(90),
    }),
    reply: z.object({
      /** A day before `to`, unless asked for. */
      from: timeSchema,
      /** Now, unless asked for. */
      to: timeSchema,
      /** Oldest first. */
      slices: z.array(z.object({ from: timeSchema, counts: countsSchema })),
      /** Runs that have not ended, whenever they began. */
      open: countsSchema.pick({ running: true, waiting: true, in_doubt: true }),
      /** Milliseconds under which half, and 99 of 100, of the newest 10,000 ended runs stayed; null when none ended. */
      took: z.object({ half: z.number(), most: z.number() }).nullable(),
    }),
  }),
};
export type RunCounts = z.output<typeof runCountsApi.get.reply>;
