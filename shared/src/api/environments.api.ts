import { z } from 'zod';
import { webhookSchemes } from '../connector/declare.js';
import { fieldClassSchema } from '../connector/field-class.js';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { looserRuleNames } from './environment-policy.js';

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
  /** Classes that people see by stand-ins in runs; left out: all three. Secrets are always masked, and in production all are. */
  masked: z
    .array(z.enum(['personal', 'payment', 'health']))
    .max(3)
    .optional(),
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
  masked: environmentPolicySchema.shape.masked.nullable(),
  hosts: environmentPolicySchema.shape.hosts.nullable(),
  webhooks: environmentPolicySchema.shape.webhooks.nullable(),
  after: environmentPolicySchema.shape.after.nullable(),
});

export type GivenPolicy = z.output<typeof givenPolicy>;

/** A policy with some rules changed; null takes a rule away. */
export function policyOf(...given: (EnvironmentPolicy | Partial<GivenPolicy>)[]): EnvironmentPolicy {
  const rules = Object.entries(Object.assign({}, ...given)).filter(([, rule]) => rule !== null);
  return environmentPolicySchema.parse(Object.fromEntries(rules));
}

export const environmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  position: z.number(),
  policy: environmentPolicySchema,
  /** A looser policy that somebody asked for and somebody else has to agree to; null: none waits. */
  proposal: z
    .object({
      id: z.string(),
      /** As it will be. */
      policy: environmentPolicySchema,
      looser: z.array(z.enum(looserRuleNames)),
      by: z.object({ id: z.string(), name: z.string() }),
      at: timeSchema,
      /** From when whoever asked may agree himself, where nobody else may. */
      aloneFrom: timeSchema,
      /** Nobody may agree after this. */
      until: timeSchema,
    })
    .nullable(),
});
export type Environment = z.output<typeof environmentSchema>;
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes, starting with a letter');

const id = z.strictObject({ id: z.string().max(80) });
/** Who agrees says to what: somebody may have asked for something else meanwhile. */
const proposal = z.string().min(1).max(80);

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
    summary: 'Change the policy of an environment; a looser one waits for a second person to agree',
    access: 'policies.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({ policy: givenPolicy }),
    reply: environmentSchema,
    example: { body: { policy: { approval: true, production: true } } },
  }),
  confirm: contract({
    method: 'POST',
    path: '/environments/:id/policy/confirm',
    tag: 'environments',
    summary: 'Agree to the looser policy that somebody else asked for, in force at once',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({ proposal }),
    reply: environmentSchema,
    example: { body: { proposal: 'pch_0123' } },
  }),
  refuse: contract({
    method: 'POST',
    path: '/environments/:id/policy/refuse',
    tag: 'environments',
    summary: 'Refuse a looser policy, or take back that one asked for it',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({ proposal, reason: z.string().trim().min(1).max(500) }),
    reply: environmentSchema,
    example: { body: { proposal: 'pch_0123', reason: 'The migration is over' } },
  }),
};
