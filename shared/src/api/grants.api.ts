import { z } from 'zod';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';

const id = z.strictObject({ id: z.string().max(80) });
const person = z.object({ id: z.string(), name: z.string() });
/** What makes a request need a second approver where the policy says so. */
export const highRiskSchema = z.enum(['money', 'bulk', 'new-vendor', 'wildcard']);
export type HighRisk = z.output<typeof highRiskSchema>;
const risk = z.enum(['low', 'medium', 'high', 'critical']);
/** What a grant allows a slot to do. */
export const allowanceSchema = z.object({
  scopes: z.array(z.string()),
  hosts: z.array(z.string()),
  calls: z.array(z.string()),
  fields: z.array(z.string()),
  /** What of the service's answers comes in, by path of their JSON; `*`: those that come in whole. The broker drops the rest. */
  replies: z.array(z.string()),
});
export type Allowance = z.output<typeof allowanceSchema>;

export const grantSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'active', 'refused', 'revoked', 'expired', 'replaced']),
  flow: z.object({ id: z.string(), name: z.string() }),
  version: z.number(),
  environment: z.string(),
  slot: z.string(),
  connector: z.string(),
  connection: z.object({ id: z.string(), name: z.string() }),
  deployment: z.string(),
  /** What is bound by the approval: hash over version, scopes, hosts, calls, fields, replies and environment. */
  hash: z.string(),
  asks: allowanceSchema,
  /** What of it was approved; null while nobody did. */
  allows: allowanceSchema.nullable(),
  /** Hash of what the connector declares: another declaration needs another approval. */
  connectorVersion: z.string(),
  /** What the active grant of this flow, environment and slot allows now, or did when this one was decided; null when there is none. */
  active: z.object({ version: z.number(), allows: allowanceSchema }).nullable(),
  /** The difference against `active`, riskiest first. */
  changes: z.array(
    z.object({
      change: z.enum(['wider', 'less']),
      kind: z.enum(['scope', 'host', 'call', 'field', 'reply']),
      value: z.string(),
      title: z.string(),
      risk,
      steps: z.array(z.string()),
    }),
  ),
  unchanged: z.number(),
  risk,
  /** Empty: one approver is enough. */
  highRisk: z.array(highRiskSchema),
  /** How many approvers sign; those who have. What is left to sign is what the one before left. */
  signaturesNeeded: z.number(),
  signatures: z.array(
    z.object({ by: person, at: timeSchema, reason: z.string(), hash: z.string(), allows: allowanceSchema }),
  ),
  /** At most so many calls; null: as its connection and environment say. */
  rate: callLimitsSchema.nullable(),
  /** The grant whose approval it goes on under, because it needs the same or less. */
  carriedFrom: z.string().nullable(),
  /** Given by one person for an hour; `review` is what somebody else wrote about it afterwards. */
  emergency: z.boolean(),
  review: z.object({ by: person, at: timeSchema, note: z.string() }).nullable(),
  /** No grant here lasts longer. */
  longestDays: z.number(),
  /** Until when it may be decided; null once it is. */
  decideBefore: timeSchema.nullable(),
  reason: z.string().nullable(),
  requestedBy: person,
  requestedAt: timeSchema,
  decidedBy: person.nullable(),
  decidedAt: timeSchema.nullable(),
  decisionReason: z.string().nullable(),
  expiresAt: timeSchema.nullable(),
  /** With a single approver: the asker may decide from then on; the screen says that this mode is weaker. */
  soloFrom: timeSchema.nullable(),
  /** Whether the reader may decide it now, and if not, why. */
  mayDecide: z.boolean(),
  mayNotBecause: z.string().nullable(),
});
export type Grant = z.output<typeof grantSchema>;
const reason = z.string().trim().min(1).max(500);
/** One person, one hour, whatever the rules ask for; told to everybody, and reviewed afterwards. */
const emergency = z.boolean().optional();
const limits = z.strictObject({
  scopes: z.array(z.string()).optional(),
  hosts: z.array(z.string()).optional(),
  calls: z.array(z.string()).optional(),
  fields: z.array(z.string()).optional(),
  replies: z.array(z.string()).optional(),
  rate: callLimitsSchema.optional(),
  days: z.int().min(1).max(366).optional(),
});
const decidedTogether = z.object({ items: z.array(grantSchema) });

export const grantsApi = {
  list: contract({
    method: 'GET',
    path: '/grants',
    tag: 'grants',
    summary: 'Grants and requests for them',
    access: 'grants.read',
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(['pending', 'active', 'refused', 'revoked', 'expired', 'replaced']).optional(),
      flow: z.string().max(80).optional(),
      environment: z.string().max(40).optional(),
    }),
    reply: page(grantSchema),
  }),
  get: contract({
    method: 'GET',
    path: '/grants/:id',
    tag: 'grants',
    summary: 'One grant',
    access: 'grants.read',
    params: id,
    reply: grantSchema,
  }),
  approve: contract({
    method: 'POST',
    path: '/grants/:id/approve',
    tag: 'grants',
    summary: 'Approve, or narrow and approve',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({
      reason,
      limits: limits.optional(),
      emergency,
    }),
    reply: grantSchema,
    example: { body: { reason: 'Agreed with sales', limits: { days: 180 } } },
  }),
  approveDeployment: contract({
    method: 'POST',
    path: '/deployments/:id/approve',
    tag: 'grants',
    summary: 'Approve all that a version asks for in an environment at once, each slot as it was asked for or narrowed',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({
      reason,
      /** By id what was seen; each with its limits. Others of the deployment stay as they are. */
      grants: z
        .record(z.string().max(80), limits)
        .refine((grants) => Object.keys(grants).length > 0, 'Name at least one request.'),
      emergency,
    }),
    reply: decidedTogether,
    example: { body: { reason: 'Agreed with sales', grants: { grn_1: { days: 180 }, grn_2: {} } } },
  }),
  refuseDeployment: contract({
    method: 'POST',
    path: '/deployments/:id/refuse',
    tag: 'grants',
    summary: 'Refuse all that a version still asks for in an environment',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({ reason }),
    reply: decidedTogether,
    example: { body: { reason: 'Too wide' } },
  }),
  review: contract({
    method: 'POST',
    path: '/deployments/:id/review',
    tag: 'grants',
    summary: 'Look afterwards at what was approved for a deployment in an emergency, all slots at once',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({ note: reason }),
    reply: decidedTogether,
    example: { body: { note: 'The outage was real; v14 asks for it in the ordinary way' } },
  }),
  refuse: contract({
    method: 'POST',
    path: '/grants/:id/refuse',
    tag: 'grants',
    summary: 'Refuse a request',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({ reason }),
    reply: grantSchema,
    example: { body: { reason: 'Too wide' } },
  }),
  revoke: contract({
    method: 'POST',
    path: '/grants/:id/revoke',
    tag: 'grants',
    summary: 'Take an active grant back, in force within a second',
    access: 'grants.decide',
    stepUp: true,
    params: id,
    body: z.strictObject({ reason }),
    reply: grantSchema,
    example: { body: { reason: 'Vendor was breached' } },
  }),
};
