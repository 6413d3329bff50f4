import { z } from 'zod';
import { contract, pageQuery, searchPage, timeSchema } from './contract.js';

export const triggerEventSchema = z.object({
  id: z.string(),
  status: z.enum(['accepted', 'duplicate', 'refused', 'ignored']),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  flow: z.object({ id: z.string(), name: z.string() }).nullable(),
  environment: z.string().nullable(),
  endpoint: z.string(),
  scheme: z.string().nullable(),
  messageId: z.string().nullable(),
  run: z.string().nullable(),
  /** The first delivery, where this one is a duplicate of it. */
  first: z.string().nullable(),
  address: z.string().nullable(),
  bytes: z.number(),
  receivedAt: timeSchema,
  /** In the order in which they were made; the first that failed ends the list. */
  checks: z.array(z.object({ check: z.string(), ok: z.boolean(), detail: z.string().nullable() })),
  replayable: z.boolean(),
  /** When what it carried was erased. */
  erasedAt: timeSchema.nullable(),
});
export type TriggerEvent = z.output<typeof triggerEventSchema>;

export const inboxApi = {
  list: contract({
    method: 'GET',
    path: '/inbox',
    tag: 'inbox',
    summary: 'Every delivery, refused ones too, newest first',
    access: 'inbox.read',
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(['accepted', 'duplicate', 'refused', 'ignored']).optional(),
      flow: z.string().max(80).optional(),
      environment: z.string().max(40).optional(),
      /** A sender's id of a message, exactly. */
      message: z.string().min(1).max(300).optional(),
      /** Part of what stands beside a delivery: its ids, its sender's address, its scheme, the reason it was refused. */
      q: z.string().min(1).max(200).optional(),
      /** Received at that time or later. */
      from: timeSchema.optional(),
      /** Received before that time. */
      to: timeSchema.optional(),
    }),
    reply: searchPage(triggerEventSchema),
  }),
  replay: contract({
    method: 'POST',
    path: '/inbox/:id/replay',
    tag: 'inbox',
    summary: 'Start a new run from an accepted delivery',
    access: 'inbox.replay',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: z.object({ runId: z.string() }),
    status: 202,
  }),
};
