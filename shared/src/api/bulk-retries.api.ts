import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { letterFilter } from './dead-letters.api.js';

const id = z.strictObject({ id: z.string().max(80) });

const filterParts = z.strictObject({
  status: z.enum(['failed', 'cancelled']).optional(),
  letter: z.literal('open').optional(),
  ...letterFilter,
});

/** Which runs of an environment: those that ended so, or its dead letters, and that the other filters match. None that was closed. */
export const retryFilterSchema = filterParts.refine(
  ({ status, letter }) => (status === undefined) !== (letter === undefined),
  { message: 'Give either `status` or `letter`.' },
);
export type RetryFilter = z.output<typeof retryFilterSchema>;

export const bulkRetrySchema = z.object({
  id: z.string(),
  environment: z.string(),
  filter: filterParts,
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
