import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';

const id = z.object({ id: z.string().max(80) });
const failure = z.object({ code: z.string(), message: z.string() });
export const runStatuses = ['running', 'waiting', 'succeeded', 'failed', 'cancelled', 'in_doubt'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const stepStatuses = [...runStatuses, 'skipped'] as const;
export type StepStatus = (typeof stepStatuses)[number];

export const runSummarySchema = z.object({
  id: z.string(),
  flow: z.object({ id: z.string(), name: z.string() }),
  version: z.number(),
  environment: z.string(),
  status: z.enum(runStatuses),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** What started it: `webhook`, `manual`, `replay`. */
  startedBy: z.string(),
  event: z.string().nullable(),
  error: failure.extend({ step: z.string().nullable() }).nullable(),
});
export type RunSummary = z.output<typeof runSummarySchema>;

export const attemptSchema = z.object({
  attempt: z.number(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  status: z.enum(['running', 'succeeded', 'failed', 'in_doubt']),
  error: failure.nullable(),
  /** What left the building in this attempt. */
  call: z
    .object({
      connection: z.string(),
      grant: z.string().nullable(),
      host: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.number().nullable(),
      bytes: z.number().nullable(),
    })
    .nullable(),
});
export const runStepSchema = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string().nullable(),
  status: z.enum(stepStatuses),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  port: z.string().nullable(),
  /** Until when a waiting step waits, or the next attempt. */
  until: timeSchema.nullable(),
  attempts: z.array(attemptSchema),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  error: failure.nullable(),
  /** What may have been done outside: the effect class and its idempotency key's fingerprint. */
  effect: z
    .object({ class: z.enum(['natural', 'keyed', 'checkable', 'unsafe']), done: z.enum(['yes', 'no', 'unknown']) })
    .nullable(),
});
export type RunStep = z.output<typeof runStepSchema>;

export const runsApi = {
  list: contract({
    method: 'GET',
    path: '/runs',
    tag: 'runs',
    summary: 'Runs, newest first',
    access: 'runs.read',
    query: z.strictObject({
      ...pageQuery,
      flow: z.string().max(80).optional(),
      environment: z.string().max(40).optional(),
      status: z.enum(runStatuses).optional(),
      from: timeSchema.optional(),
      to: timeSchema.optional(),
      q: z.string().max(200).optional(),
    }),
    reply: page(runSummarySchema),
  }),
  get: contract({
    method: 'GET',
    path: '/runs/:id',
    tag: 'runs',
    summary: 'One run with its steps, attempts and effects',
    access: 'runs.read',
    params: id,
    reply: runSummarySchema.extend({
      steps: z.array(runStepSchema),
      entries: z.number(),
      input: z.unknown().optional(),
    }),
  }),
  events: contract({
    method: 'GET',
    path: '/runs/:id/events',
    tag: 'runs',
    summary: 'Changes of one run as server-sent events: `run` and `step` events',
    access: 'runs.read',
    params: id,
    reply: z.unknown(),
    produces: 'text/event-stream',
  }),
  live: contract({
    method: 'GET',
    path: '/events',
    tag: 'runs',
    summary:
      'Changes in the workspace as server-sent events (`changed` with {topic}): flows, runs, inbox, grants, connections, audit',
    access: 'member',
    reply: z.unknown(),
    produces: 'text/event-stream',
  }),
  cancel: contract({
    method: 'POST',
    path: '/runs/:id/cancel',
    tag: 'runs',
    summary: 'Cancel a run; what was done outside stays done',
    access: 'runs.operate',
    params: id,
    reply: runSummarySchema,
  }),
  resolve: contract({
    method: 'POST',
    path: '/runs/:id/steps/:stepId/resolve',
    tag: 'runs',
    summary: 'Settle a step in doubt: did it happen?',
    access: 'runs.operate',
    params: z.object({ id: z.string().max(80), stepId: z.string().max(80) }),
    body: z.strictObject({ happened: z.boolean() }),
    reply: runSummarySchema,
    example: { body: { happened: true } },
  }),
};
