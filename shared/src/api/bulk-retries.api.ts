import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { businessKeySchema } from './run-summary.js';

const id = z.strictObject({ id: z.string().max(80) });

/** Which runs of an environment: those that ended so and that the other filters match. */
export const retryFilterSchema = z.strictObject({
  status: z.enum(['failed', 'cancelled']),
  flow: z.string().max(80).optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  /** Part of the code or the step of the error. */
  error: z.string().max(200).optional(),
  /** In a reply as it is kept: a keyed hash. */
  key: businessKeySchema.optional(),
});
export type RetryFilter = z.output<typeof retryFilterSchema>;

export const bulkRetrySchema = z.object({
  id: z.string(),
  environment: z.string(),
  filter: retryFilterSchema,
  from: z.enum(['failed', 'start']),
  version: z.enum(['same', 'current']),
  status: z.enum(['running', 'done', 'cancelled']),
  /** Runs that matched when it began. */
  total: z.number(),
  /** Of these: tried again; and left for a person, since something would be done twice or the run can't be retried. */
  retried: z.number(),
  left: z.number(),
  by: z.object({ id: z.string(), name: z.string() }),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export type BulkRetry = z.output<typeof bulkRetrySchema>;

export const bulkRetriesApi = {
  list: contract({
    method: 'GET',
    path: '/bulk-retries',
    tag: 'runs',
    summary: 'Retries of many runs, newest first, with their progress',
    access: 'runs.read',
    query: z.strictObject({ ...pageQuery }),
    reply: page(bulkRetrySchema),
  }),
  start: contract({
    method: 'POST',
    path: '/bulk-retries',
    tag: 'runs',
    summary:
      'Try every run that matches again, one after the other; what would do something twice is left for a person',
    access: 'runs.operate',
    body: z.strictObject({
      environment: z.string().min(1).max(40),
      filter: retryFilterSchema,
      from: z.enum(['failed', 'start']).default('failed'),
      version: z.enum(['same', 'current']).default('same'),
    }),
    reply: bulkRetrySchema,
    status: 201,
    example: { body: { environment: 'production', filter: { status: 'failed' }, from: 'failed', version: 'current' } },
  }),
  cancel: contract({
    method: 'POST',
    path: '/bulk-retries/:id/cancel',
    tag: 'runs',
    summary: 'Stop a retry of many runs; those that began go on',
    access: 'runs.operate',
    params: id,
    reply: bulkRetrySchema,
  }),
};
