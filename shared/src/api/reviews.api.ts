import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { allowanceSchema, grantSchema } from './grants.api.js';

/** A grant of which a part was not used for as long as its environment's policy says. */
export const reviewSchema = z.object({
  grant: z.string(),
  flow: z.object({ id: z.string(), name: z.string() }),
  version: z.number(),
  environment: z.string(),
  slot: z.string(),
  connector: z.string(),
  connection: z.object({ id: z.string(), name: z.string() }),
  /** How far back was looked. */
  days: z.number(),
  /** Calls under the grant in that time. */
  calls: z.number(),
  /** What could be taken back, the riskiest first, and when it was used last, if ever. */
  unused: z.array(
    z.object({
      kind: z.enum(['scope', 'host', 'call', 'field', 'reply']),
      value: z.string(),
      title: z.string(),
      risk: z.enum(['low', 'medium', 'high', 'critical']),
      lastUsedAt: timeSchema.nullable(),
    }),
  ),
  /** What would be left. */
  smaller: allowanceSchema,
  /** How many of those calls the smaller grant would have refused, counted from what was recorded. */
  wouldHaveRefused: z.number(),
  /** The request for the smaller grant that waits already. */
  request: z.string().nullable(),
});
export type Review = z.output<typeof reviewSchema>;

export const reviewsApi = {
  list: contract({
    method: 'GET',
    path: '/reviews',
    tag: 'grants',
    summary: 'Grants with parts that nobody used, each with the smaller grant that would have been enough',
    access: 'grants.read',
    query: z.strictObject({ ...pageQuery, environment: z.string().max(40).optional() }),
    reply: page(reviewSchema),
  }),
  shrink: contract({
    method: 'POST',
    path: '/reviews',
    tag: 'grants',
    summary: 'Ask for the smaller grant; an approver decides it as any other',
    access: 'flows.deploy',
    body: z.strictObject({ grant: z.string().max(80), reason: z.string().trim().max(500).optional() }),
    reply: grantSchema,
    status: 201,
    example: { body: { grant: 'grt_0123456789abcdef', reason: 'Not used since spring' } },
  }),
};
