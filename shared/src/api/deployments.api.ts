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
  rotateEndpoint: contract({
    method: 'POST',
    path: '/flows/:id/endpoints/:endpointId/rotate',
    tag: 'deployments',
    summary: 'A new signing secret; the old one stays good for 24 hours',
    access: 'flows.deploy',
    stepUp: true,
    params: z.strictObject({ id: z.string().max(80), endpointId: z.string().max(80) }),
    /** The sender's own secret, where the sender makes it (Stripe, Shopify); left out: we make one. */
    body: z.strictObject({ secret: z.string().min(16).max(200).optional() }).default({}),
    reply: endpointSchema.extend({ secret: z.string() }),
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
};
