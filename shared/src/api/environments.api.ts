import { z } from 'zod';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery } from './contract.js';

export const environmentPolicySchema = z.strictObject({
  /** A deployment needs grants by an approver. */
  approval: z.boolean(),
  /** `production` weighs more: no stand-ins, no unsigned webhooks. */
  production: z.boolean(),
  /** For each flow by itself. */
  flowLimits: callLimitsSchema.optional(),
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
    body: z.strictObject({ name, policy: environmentPolicySchema }),
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
    body: z.strictObject({ policy: environmentPolicySchema }),
    reply: environmentSchema,
    example: { body: { policy: { approval: true, production: true } } },
  }),
};
