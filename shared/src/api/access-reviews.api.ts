import { z } from 'zod';
import { contract, page, timeSchema } from './contract.js';
import { memberSchema } from './members.api.js';

/** What a member may do and acts by, and who looked at it last. */
export const accessReviewSchema = z.object({
  member: memberSchema.omit({ createdAt: true }),
  /** API tokens that could be used. */
  tokens: z.array(z.object({ id: z.string(), name: z.string(), lastUsedAt: timeSchema.nullable() })),
  /** Names what stands here; whoever signs says what they saw. */
  seen: z.string(),
  reviewed: z
    .object({ by: z.object({ id: z.string(), name: z.string() }), at: timeSchema, note: z.string().nullable() })
    .nullable(),
  /** Why somebody should look: nobody ever did, it changed since, or the last look is older than `accessReviewDays`. */
  due: z.enum(['never', 'changed', 'late']).nullable(),
});
export type AccessReview = z.output<typeof accessReviewSchema>;

/** How long one look at a member's access counts. */
export const accessReviewDays = 90;
/** How long before that owners and auditors hear of it; a new member is looked at within the same time. */
export const accessReviewNoticeDays = 14;

export const accessReviewsApi = {
  list: contract({
    method: 'GET',
    path: '/access-reviews',
    tag: 'members',
    summary: 'What each member may do, and who looked at it last',
    access: 'audit.read',
    reply: page(accessReviewSchema),
  }),
  sign: contract({
    method: 'POST',
    path: '/access-reviews',
    tag: 'members',
    summary: 'Sign that what another member may do was looked at and is right',
    access: 'audit.read',
    stepUp: true,
    body: z.strictObject({
      member: z.string().max(80),
      /** From the list: signed is what was seen, or nothing. */
      seen: z.string().max(80),
      note: z.string().trim().max(500).optional(),
    }),
    reply: accessReviewSchema,
    status: 201,
    example: { body: { member: 'mbr_0123456789abcdef', seen: '9f86d081884c7d65', note: 'Still in the team' } },
  }),
};
