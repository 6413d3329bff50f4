import { z } from 'zod';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery } from './contract.js';

/** A few to choose from: each in use has tables of its own. */
export const retentionChoices = [1, 3, 7, 14, 30, 60, 90, 180, 365, 1095, 3650] as const;

export const environmentPolicySchema = z.strictObject({
  /** A deployment needs grants by an approver. */
  approval: z.boolean(),
  /** `production` weighs more: no stand-ins, no unsigned webhooks. */
  production: z.boolean(),
  /** Code steps may run. */
  code: z.boolean().optional(),
  /** Days for which events, runs and what they carried are kept. A change holds for what begins after it. */
  retentionDays: z.literal(retentionChoices).default(90),
  /** For each flow by itself. */
  flowLimits: callLimitsSchema.optional(),
});
/** What is left out stays as it is. */
const givenPolicy = environmentPolicySchema.extend({
  retentionDays: z.literal(retentionChoices).optional(),
  /** Null: none any more. */
  flowLimits: callLimitsSchema.nullable().optional(),
});
export type EnvironmentPolicy = z.output<typeof environmentPolicySchema>;
export const environmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  position: z.number(),
  policy: environmentPolicySchema,
});
export type Environment = z.output<typeof environmentSchema>;
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes, starting with a letter');

export const environmentsApi = {
  list: contract({
    method: 'GET',
    path: '/environments',
    tag: 'environments',
    summary: 'Environments and their policy',
    access: 'flows.read',
    query: z.strictObject({ ...pageQuery }),
    reply: page(environmentSchema),
  }),
  create: contract({
    method: 'POST',
    path: '/environments',
    tag: 'environments',
    summary: 'Add an environment',
    access: 'environments.manage',
    body: z.strictObject({ name, policy: givenPolicy }),
    reply: environmentSchema,
    status: 201,
    example: { body: { name: 'qa', policy: { approval: true, production: false } } },
  }),
  update: contract({
    method: 'PATCH',
    path: '/environments/:id',
    tag: 'environments',
    summary: 'Change the policy of an environment',
    access: 'environments.manage',
    stepUp: true,
    params: z.object({ id: z.string().max(80) }),
    body: z.strictObject({ policy: givenPolicy }),
    reply: environmentSchema,
    example: { body: { policy: { approval: true, production: true } } },
  }),
};
