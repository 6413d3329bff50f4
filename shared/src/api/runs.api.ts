import { z } from 'zod';
import { fieldClassSchema } from '../connector/field-class.js';
import { roleSchema } from '../lib/roles.js';
import { contract, page, pageQuery, searchPage, timeSchema } from './contract.js';
import { failureSchema, runFilter, runStatuses, runSummarySchema, stepStatuses } from './run-summary.js';

const id = z.strictObject({ id: z.string().max(80) });
export const attemptSchema = z.object({
  attempt: z.number(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  status: z.enum(['running', 'succeeded', 'failed', 'in_doubt']),
  error: failureSchema.nullable(),
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
/** A value that is shown by a stand-in of the same form: `output.customer.email`, `output.lines.0.sku`. */
export const maskedFieldSchema = z.object({ field: z.string(), class: fieldClassSchema });
/** What a waiting step asks for. */
const askSchema = z.object({
  kind: z.enum(['approval', 'callback', 'subflow']),
  question: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  deciders: z.array(roleSchema),
  /** Whether whoever asks may decide. */
  mayDecide: z.boolean(),
});
/** How far a loop is. */
const passesSchema = z.object({
  /** Null for a repeat, which doesn't know. */
  total: z.number().nullable(),
  begun: z.number(),
  failed: z.number(),
});
export const runStepSchema = z.object({
  /** Its id in the document. */
  id: z.string(),
  /** The id and, in a loop, the pass: `line[3]`, `line[3.0]`. What decides and resolves name. */
  key: z.string(),
  /** The loop around it; the steps of one pass are asked for by `GET /runs/:id/passes`. */
  inside: z.string().nullable(),
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
  /** Of a trigger: what came in. */
  output: z.unknown().optional(),
  /** Which values of `input` and `output` are stand-ins; one at a time can be revealed. */
  masked: z.array(maskedFieldSchema),
  /** What the code of the step wrote to its console. */
  console: z.array(z.string()).optional(),
  error: failureSchema.nullable(),
  /** What may have been done outside: the effect class and its idempotency key's fingerprint. */
  effect: z
    .object({ class: z.enum(['natural', 'keyed', 'checkable', 'unsafe']), done: z.enum(['yes', 'no', 'unknown']) })
    .nullable(),
  ask: askSchema.nullable(),
  passes: passesSchema.nullable(),
  /** The run that it began: of a subflow. */
  child: z.string().nullable(),
});
export type RunStep = z.output<typeof runStepSchema>;

/** One request that left the building. */
export const runCallSchema = z.object({
  /** Key of the step. */
  step: z.string(),
  name: z.string().nullable(),
  attempt: z.number(),
  at: timeSchema,
  connection: z.string(),
  grant: z.string().nullable(),
  /** What of the connector's scopes it used. */
  scopes: z.array(z.string()),
  effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe']).nullable(),
  /** A short name of its idempotency key: two calls that the service takes for one have the same. */
  key: z.string().nullable(),
  /** What kinds of data may have been in it, by its input in the version that ran. */
  classes: z.array(fieldClassSchema),
  status: z.enum(['running', 'succeeded', 'failed', 'in_doubt']),
  host: z.string(),
  method: z.string(),
  path: z.string(),
  /** Status of the answer; null when none came, or none yet. */
  answer: z.number().nullable(),
  bytes: z.number().nullable(),
});
export type RunCall = z.output<typeof runCallSchema>;

/** What the log holds of one step. */
export const stepEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  action: z.string(),
  attempt: z.number().nullable(),
});
export type StepEntry = z.output<typeof stepEntrySchema>;

/** One pass through a loop. */
export const passSchema = z.object({
  /** `[3]`, `[3.0]`. */
  at: z.string(),
  index: z.number(),
  status: z.enum(runStatuses),
  error: failureSchema.extend({ step: z.string() }).nullable(),
  steps: z.array(runStepSchema),
});
export type RunPass = z.output<typeof passSchema>;

/** An approval that waits for a person. */
export const decisionSchema = z.object({
  run: z.string(),
  step: z.string(),
  flow: z.object({ id: z.string(), name: z.string() }),
  environment: z.string(),
  question: z.string(),
  details: z.record(z.string(), z.unknown()),
  deciders: z.array(roleSchema),
  mayDecide: z.boolean(),
  askedAt: timeSchema,
  until: timeSchema,
});
export type Decision = z.output<typeof decisionSchema>;

const retryFrom = z.enum(['failed', 'start']);
const retryVersion = z.enum(['same', 'current']);
/** What a retry would do with a step that ran before. */
export const retryStepSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  /**
   * `kept`: its outcome is taken over, nothing is done again. `runs`: it only computes, or had no effect yet. `safe`: its
   * effect may have happened, and the service drops or absorbs a repeat. `repeats`: it happened, and would happen again.
   */
  plan: z.enum(['kept', 'runs', 'safe', 'repeats']),
  done: z.enum(['yes', 'no', 'unknown']).nullable(),
  effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe']).nullable(),
});
export type RetryStep = z.output<typeof retryStepSchema>;

export const runsApi = {
  list: contract({
    method: 'GET',
    path: '/runs',
    tag: 'runs',
    summary: 'Runs, newest first',
    access: 'runs.read',
    query: z.strictObject({
      ...pageQuery,
      ...runFilter,
    }),
    reply: searchPage(runSummarySchema),
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
  reveal: contract({
    method: 'POST',
    path: '/runs/:id/reveal',
    tag: 'runs',
    summary: 'The value behind one stand-in; logged, with the reason, before it is given',
    access: 'runs.reveal',
    stepUp: true,
    isKeptNowhere: true,
    params: id,
    body: z.strictObject({
      /** Key of the step. */
      stepId: z.string().min(1).max(200),
      /** As its `masked` names it. */
      field: z.string().min(1).max(1000),
      reason: z.string().trim().min(1).max(500),
    }),
    reply: z.object({
      /** A text, a number, true or false. */
      value: z.unknown(),
      class: fieldClassSchema,
      /** Until when it may be shown: it has to be asked for again after that. */
      until: timeSchema,
    }),
    example: {
      body: { stepId: 'receipt', field: 'input.to', reason: 'The customer asks whether the receipt was sent' },
      reply: { value: 'ada@example.com', class: 'personal', until: '2026-05-01T08:01:00.000Z' },
    },
  }),
  share: contract({
    method: 'POST',
    path: '/runs/:id/share',
    tag: 'runs',
    summary: 'One run as a file with its proof, as the asker sees it; whoever has shared/verify checks it offline',
    access: 'audit.read',
    isKeptNowhere: true,
    params: id,
    reply: z.object({
      /** What to call the file. */
      name: z.string(),
      /** Its text, to be kept byte by byte: entries with their proofs up to a signed checkpoint, and the masked view. */
      content: z.string(),
    }),
    example: { reply: { name: 'sluice-run_01.json', content: '{"blocks":[]}' } },
  }),
  download: contract({
    method: 'POST',
    path: '/runs/:id/files/:file',
    tag: 'runs',
    summary: 'The content of a file that the run brought in, to be saved; logged, with the reason, before it is given',
    access: 'runs.reveal',
    stepUp: true,
    isKeptNowhere: true,
    params: z.strictObject({ id: z.string().max(80), file: z.string().max(80) }),
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    reply: z.unknown(),
    produces: 'application/octet-stream',
    example: { body: { reason: 'The customer asks what was attached' } },
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
  passes: contract({
    method: 'GET',
    path: '/runs/:id/passes',
    tag: 'runs',
    summary: 'Passes through one loop of a run, failed ones first',
    access: 'runs.read',
    params: id,
    query: z.strictObject({ ...pageQuery, step: z.string().max(200) }),
    reply: page(passSchema).extend({ total: z.number() }),
  }),
  calls: contract({
    method: 'GET',
    path: '/runs/:id/calls',
    tag: 'runs',
    summary: 'Each request that a run sent, in its loops too, oldest first',
    access: 'runs.read',
    params: id,
    query: z.strictObject({ ...pageQuery }),
    reply: page(runCallSchema).extend({ total: z.number(), hosts: z.number() }),
  }),
  around: contract({
    method: 'GET',
    path: '/runs/:id/steps/:stepId/passes',
    tag: 'runs',
    summary: 'The passes around one step inside of loops, outermost first: `line[3.0]` stands in two',
    access: 'runs.read',
    params: z.strictObject({ id: z.string().max(80), stepId: z.string().max(200) }),
    reply: z.object({ items: z.array(z.object({ loop: z.string(), pass: passSchema })) }),
  }),
  stepEntries: contract({
    method: 'GET',
    path: '/runs/:id/steps/:stepId/entries',
    tag: 'runs',
    summary: 'What the log holds of one step of a run, oldest first; `line[3]` is the step in one pass of a loop',
    access: 'runs.read',
    params: z.strictObject({ id: z.string().max(80), stepId: z.string().max(200) }),
    query: z.strictObject({ ...pageQuery }),
    reply: page(stepEntrySchema),
  }),
  decisions: contract({
    method: 'GET',
    path: '/decisions',
    tag: 'runs',
    summary: 'Approvals that wait for a person, oldest first',
    access: 'runs.read',
    query: z.strictObject({ ...pageQuery }),
    reply: page(decisionSchema),
  }),
  decide: contract({
    method: 'POST',
    path: '/runs/:id/steps/:stepId/decide',
    tag: 'runs',
    summary: 'Answer an approval step',
    access: 'runs.decide',
    params: z.strictObject({ id: z.string().max(80), stepId: z.string().max(200) }),
    body: z.strictObject({ decision: z.enum(['approved', 'refused']), note: z.string().max(1000).optional() }),
    reply: runSummarySchema,
    example: { body: { decision: 'approved', note: 'Checked with the customer' } },
  }),
  planRetry: contract({
    method: 'GET',
    path: '/runs/:id/retry',
    tag: 'runs',
    summary: 'What a retry of a run would do, step by step; changes nothing',
    access: 'runs.read',
    params: id,
    query: z.strictObject({ from: retryFrom.default('failed'), version: retryVersion.default('same') }),
    reply: z.object({ version: z.number(), steps: z.array(retryStepSchema) }),
  }),
  retry: contract({
    method: 'POST',
    path: '/runs/:id/retry',
    tag: 'runs',
    summary: 'Begin a run that tries this one again; steps whose effect would happen twice must be named in `repeat`',
    access: 'runs.operate',
    params: id,
    body: z.strictObject({
      from: retryFrom,
      version: retryVersion.default('same'),
      repeat: z.array(z.string().max(80)).max(2000).default([]),
    }),
    reply: runSummarySchema,
    status: 201,
    example: { body: { from: 'failed', version: 'same' } },
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
    params: z.strictObject({ id: z.string().max(80), stepId: z.string().max(200) }),
    body: z.strictObject({ happened: z.boolean() }),
    reply: runSummarySchema,
    example: { body: { happened: true } },
  }),
};
