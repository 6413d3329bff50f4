import { z } from 'zod';
import { webhookSchemes } from '../connector/declare.js';
import { jsonSchema } from '../lib/json.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { grantSchema } from './grants.api.js';

const id = z.strictObject({ id: z.string().max(80) });
export const endpointSchema = z.object({
  id: z.string(),
  environment: z.string(),
  /** `/hooks/end_...` below PUBLIC_URL. */
  path: z.string(),
  url: z.string(),
  scheme: z.enum(webhookSchemes),
  step: z.string(),
});
/** The secret is shown once, when it is made. */
const endpointWithSecret = endpointSchema.extend({ secret: z.string().optional() });
export const deploymentSchema = z.object({
  id: z.string(),
  flow: z.string(),
  environment: z.string(),
  version: z.number(),
  status: z.enum(['active', 'waiting', 'refused', 'replaced']),
  bindings: z.record(z.string(), z.string()),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: timeSchema,
  activatedAt: timeSchema.nullable(),
});
export type Deployment = z.output<typeof deploymentSchema>;

/** A trigger that looks for news, where it runs. */
const pollSchema = z.object({
  environment: z.string(),
  step: z.string(),
  /** When it last saw what there is; null: not yet. */
  lookedAt: timeSchema.nullable(),
  nextAt: timeSchema,
  /** What fails, or may have been missed; `times` in a row, 0 for what only may have been missed. */
  trouble: z.object({ code: z.string(), message: z.string(), since: timeSchema, times: z.number() }).nullable(),
});
export type PollState = z.output<typeof pollSchema>;

export const deploymentsApi = {
  list: contract({
    method: 'GET',
    path: '/flows/:id/deployments',
    tag: 'deployments',
    summary: 'What runs where, newest first',
    access: 'flows.read',
    params: id,
    query: z.strictObject({ ...pageQuery }),
    reply: page(deploymentSchema),
  }),
  deploy: contract({
    method: 'POST',
    path: '/flows/:id/deployments',
    tag: 'deployments',
    summary: 'Run a version in an environment: 201 active, 202 waiting for approval',
    access: 'flows.deploy',
    params: id,
    body: z.strictObject({
      environment: z.string().min(1).max(40),
      version: z.int32().min(1),
      bindings: z.record(z.string(), z.string()).default({}),
      /** Why; shown to the approver. */
      reason: z.string().max(500).optional(),
    }),
    reply: deploymentSchema.extend({ grantRequests: z.array(grantSchema), endpoints: z.array(endpointWithSecret) }),
    status: 201,
    alsoStatus: 202,
    example: { body: { environment: 'staging', version: 1, bindings: { crm: 'con_0123456789abcdef' } } },
  }),
  endpoints: contract({
    method: 'GET',
    path: '/flows/:id/endpoints',
    tag: 'deployments',
    summary: 'Webhook addresses by environment',
    access: 'flows.read',
    params: id,
    reply: page(endpointSchema),
  }),
  polls: contract({
    method: 'GET',
    path: '/flows/:id/polls',
    tag: 'deployments',
    summary: 'Triggers that look for news, by environment: when they last looked, and what fails',
    access: 'flows.read',
    params: id,
    reply: page(pollSchema),
  }),
  rotateEndpoint: contract({
    method: 'POST',
    path: '/flows/:id/endpoints/:endpointId/rotate',
    tag: 'deployments',
    summary: 'A new signing secret, or the sender’s public key; what was there stays good for 24 hours',
    access: 'flows.deploy',
    stepUp: true,
    params: z.strictObject({ id: z.string().max(80), endpointId: z.string().max(80) }),
    body: z
      .strictObject({
        /** The sender's own secret, where the sender makes it (Stripe, Shopify, Slack); left out: we make one. */
        secret: z.string().min(16).max(200).optional(),
        /** Standard Webhooks alone: the sender signs with Ed25519, and this is its `whpk_` key. */
        publicKey: z.string().max(200).optional(),
      })
      .refine(({ secret, publicKey }) => secret === undefined || publicKey === undefined, {
        message: 'Give a secret or a public key, not both.',
        path: ['publicKey'],
      })
      .default({}),
    /** Without a secret where a public key was given. */
    reply: endpointWithSecret,
    example: { body: {} },
  }),
  run: contract({
    method: 'POST',
    path: '/flows/:id/run',
    tag: 'runs',
    summary: 'Start a run by hand; `input` becomes trigger.body',
    access: 'flows.run',
    params: id,
    body: z.strictObject({ environment: z.string().min(1).max(40), input: jsonSchema.optional() }),
    reply: z.object({ runId: z.string() }),
    status: 202,
    example: { body: { environment: 'dev', input: { id: 'A-1', amount: 12990 } } },
  }),
  try: contract({
    method: 'POST',
    path: '/flows/:id/trials',
    tag: 'runs',
    summary:
      'Run the draft as it is stored, or up to a step, where nobody has to approve; a run like others, begun by `trial`',
    access: 'flows.deploy',
    params: id,
    body: z
      .strictObject({
        environment: z.string().min(1).max(40),
        /** The last step to run; left out: all of the draft. */
        upTo: z.string().min(1).max(64).optional(),
        /** Becomes trigger.body. */
        input: jsonSchema.optional(),
        /** A delivery of this flow and environment, in place of `input`. */
        event: z.string().min(1).max(80).optional(),
        /** What steps give in place of running, by step id: those of the flow itself, a loop as a whole. */
        standIns: z.record(z.string().min(1).max(64), jsonSchema).default({}),
        /** Connections by slot; a slot that is left out takes what is deployed, or the only one there is. */
        bindings: z.record(z.string(), z.string()).default({}),
      })
      .refine(({ input, event }) => input === undefined || event === undefined, {
        message: 'Give an input or an event, not both.',
        path: ['event'],
      }),
    reply: z.object({ runId: z.string() }),
    status: 202,
    example: { body: { environment: 'dev', upTo: 'contact', input: { email: 'ada@example.com' }, standIns: {} } },
  }),
};
