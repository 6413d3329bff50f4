import { z } from 'zod';
import { webhookSchemes } from '../connector/declare.js';
import { fieldClassSchema } from '../connector/field-class.js';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';

/** A few to choose from: each in use has tables of its own. */
export const retentionChoices = [1, 3, 7, 14, 30, 60, 90, 180, 365, 1095, 3650] as const;

const hostPattern = z
  .string()
  .toLowerCase()
  .regex(
    /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/,
    'a host such as api.example.com, *.example.com for all below it, or host:port where the port is not 443',
  );

export const environmentPolicySchema = z.strictObject({
  /** A deployment needs grants by an approver. */
  approval: z.boolean(),
  /** `production` weighs more: no stand-ins, no unsigned webhooks. */
  production: z.boolean(),
  /** Code steps may run. */
  code: z.boolean().optional(),
  /** Days for which events, runs and what they carried are kept. A change holds for what begins after it. */
  retentionDays: z.literal(retentionChoices).default(90),
  /** Classes of data that flows may send out here; all of them when left out. */
  classes: z.array(fieldClassSchema).max(6).optional(),
  /** For each flow by itself. */
  flowLimits: callLimitsSchema.optional(),
  /** Who asks, who edited or published last, and who approves are different people. Left out: yes. */
  fourEyes: z.boolean().optional(),
  /** Two approvers sign what is of high risk. Left out: in production. */
  twoApprovers: z.boolean().optional(),
  /** So long a new approver decides nothing here. Left out: 24 in production, else 0. */
  newApproverHours: z.int().min(0).max(168).optional(),
  /** No grant lasts longer. Left out: 365. */
  grantDays: z.int().min(1).max(366).optional(),
  /** What nobody used for so long is offered to be taken back. Left out: 90. */
  reviewDays: z.int().min(1).max(365).optional(),
  /** The only hosts that anything here may call; left out: whatever a grant allows. */
  hosts: z.array(hostPattern).min(1).max(200).optional(),
  webhooks: z
    .strictObject({
      /** How senders may sign. Left out: any way. */
      schemes: z
        .array(z.enum(webhookSchemes).exclude(['none']))
        .min(1)
        .optional(),
      /** A waiver: deliveries without a signature are taken until then. */
      unsignedUntil: timeSchema.optional(),
    })
    .optional(),
  /** Only versions that run, or ran, in that environment. */
  after: z.string().max(40).optional(),
});
export type EnvironmentPolicy = z.output<typeof environmentPolicySchema>;
/** What is left out stays as it is; null takes a rule away. */
const givenPolicy = environmentPolicySchema.extend({
  retentionDays: z.literal(retentionChoices).optional(),
  flowLimits: environmentPolicySchema.shape.flowLimits.nullable(),
  hosts: environmentPolicySchema.shape.hosts.nullable(),
  webhooks: environmentPolicySchema.shape.webhooks.nullable(),
  after: environmentPolicySchema.shape.after.nullable(),
});

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
    params: z.strictObject({ id: z.string().max(80) }),
    body: z.strictObject({ policy: givenPolicy }),
    reply: environmentSchema,
    example: { body: { policy: { approval: true, production: true } } },
  }),
};
