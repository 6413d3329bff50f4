import { z } from 'zod';
import { contract, timeSchema } from './contract.js';
import { businessKeySchema, runSummarySchema } from './run-summary.js';

const id = z.strictObject({ id: z.string().max(80) });

/** Which of an environment's runs. */
export const letterFilter = {
  flow: z.string().max(80).optional(),
  /** Member who owns the flow. */
  owner: z.string().max(80).optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  /** Part of the code or the step of the error. */
  error: z.string().max(200).optional(),
  /** In a reply as it is kept: a keyed hash. */
  key: businessKeySchema.optional(),
};
const environment = z.string().min(1).max(40);
const filter = z.strictObject(letterFilter);
const reason = z.string().trim().min(1).max(500);
/** How many were closed or opened. A request takes a thousand at most: `isMore` says that others match, so ask again. */
const changed = z.object({ changed: z.number(), isMore: z.boolean() });

/** Runs that failed for good; `GET /runs?letter=open` lists them, `POST /bulk-retries` tries them again. */
export const deadLettersApi = {
  counts: contract({
    method: 'GET',
    path: '/dead-letters',
    tag: 'runs',
    summary: 'How many dead letters wait for somebody, counted up to a thousand',
    access: 'runs.read',
    reply: z.object({
      open: z.number(),
      /** Of flows that the asker owns or stands in for. */
      mine: z.number(),
      /** There are more than were counted. */
      isMore: z.boolean(),
    }),
  }),
  close: contract({
    method: 'POST',
    path: '/runs/:id/close',
    tag: 'runs',
    summary: 'Close a dead letter with a reason: nothing has to be done about it any more',
    access: 'runs.operate',
    params: id,
    body: z.strictObject({ reason }),
    reply: runSummarySchema,
    example: { body: { reason: 'The customer paid by another way' } },
  }),
  reopen: contract({
    method: 'POST',
    path: '/runs/:id/reopen',
    tag: 'runs',
    summary: 'Open a dead letter again that was closed',
    access: 'runs.operate',
    params: id,
    reply: runSummarySchema,
  }),
  closeAll: contract({
    method: 'POST',
    path: '/dead-letters/close',
    tag: 'runs',
    summary: 'Close the dead letters of an environment that match, newest first, with one reason',
    access: 'runs.operate',
    body: z.strictObject({ environment, filter, reason }),
    reply: changed,
    example: { body: { environment: 'production', filter: { error: 'timeout' }, reason: 'Sent by hand on Monday' } },
  }),
  reopenAll: contract({
    method: 'POST',
    path: '/dead-letters/reopen',
    tag: 'runs',
    summary: 'Open those again that match and were closed',
    access: 'runs.operate',
    body: z.strictObject({ environment, filter }),
    reply: changed,
    example: { body: { environment: 'production', filter: { error: 'timeout' } } },
  }),
};
