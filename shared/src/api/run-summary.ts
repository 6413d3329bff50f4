import { z } from 'zod';
import { timeSchema } from './contract.js';

/** What went wrong, by code and in a sentence. */
export const failureSchema = z.object({ code: z.string(), message: z.string() });
export const runStatuses = ['running', 'waiting', 'succeeded', 'failed', 'cancelled', 'in_doubt'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const stepStatuses = [...runStatuses, 'skipped'] as const;
export type StepStatus = (typeof stepStatuses)[number];

export const letterStates = ['open', 'closed'] as const;

/** What a run is about, as its business calls it. Exactly: only a keyed hash of it is kept. */
export const businessKeySchema = z.string().trim().min(1).max(200);

const personSchema = z.object({ id: z.string(), name: z.string() });

export const runSummarySchema = z.object({
  id: z.string(),
  flow: z.object({ id: z.string(), name: z.string() }),
  /** Below zero for a draft that was tried. */
  version: z.number(),
  environment: z.string(),
  status: z.enum(runStatuses),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** What started it: `webhook`, `manual`, `replay`, `schedule`, `subflow`, `error` (another run failed), `retry`, `trial` (of a draft). */
  startedBy: z.string(),
  /** The step of another run that began this one and, if `waits`, hears of its end. */
  parent: z.object({ run: z.string(), step: z.string(), waits: z.boolean() }).nullable(),
  /** The run that this one tries again. */
  retryOf: z.string().nullable(),
  event: z.string().nullable(),
  /** Whether it waits for its turn: one before it with the same business key has not ended. */
  inLine: z.boolean(),
  error: failureSchema.extend({ step: z.string().nullable() }).nullable(),
  /** Of its flow. */
  owner: personSchema.nullable(),
  /**
   * `open`: a dead letter, which failed for good (or tries one again, and was cancelled) and nobody has dealt with. No trial, no
   * run that another one waits for, and none that was tried again: the retry stands for it. `closed`: by a person.
   */
  letter: z.enum(letterStates).nullable(),
  /** When what it carried was erased, at the wish of somebody; its steps and times stay. */
  erasedAt: timeSchema.nullable(),
  closed: z.object({ at: timeSchema, by: personSchema, reason: z.string() }).nullable(),
});
export type RunSummary = z.output<typeof runSummarySchema>;

/** Which runs: the parts of a query. */
export const runFilter = {
  flow: z.string().max(80).optional(),
  environment: z.string().max(40).optional(),
  status: z.enum(runStatuses).optional(),
  /** Of a flow that uses it. */
  connector: z.string().max(80).optional(),
  /** Part of the code or the step of the error. */
  error: z.string().max(200).optional(),
  key: businessKeySchema.optional(),
  /** Dead letters: those that wait for somebody, or those that a person closed. */
  letter: z.enum(letterStates).optional(),
  /** Member who owns its flow. */
  owner: z.string().max(80).optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  /** Part of a run's id, or of its flow's name. */
  q: z.string().max(200).optional(),
};
