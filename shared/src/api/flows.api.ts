import { z } from 'zod';
import { boundariesSchema } from '../flow/check/classes.js';
import { flowDocumentSchema } from '../flow/document.js';
import { manifestSchema } from '../flow/manifest.js';
import { flowProblemSchema } from '../flow/problem.js';
import { jsonSchema } from '../lib/json.js';
import { contract, nothing, page, pageQuery, timeSchema } from './contract.js';

const id = z.strictObject({ id: z.string().max(80) });
const name = z.string().trim().min(1).max(120);
/** Checked by the flow schema itself, so that each issue names its path and an old document is upgraded. */
const documentInput = jsonSchema;

export const flowSchema = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.number(),
  owner: z.object({ id: z.string(), name: z.string() }),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  latestVersion: z.number().nullable(),
  /** The draft differs from the latest version. */
  hasChanges: z.boolean(),
  connectors: z.array(z.string()),
  classes: z.array(z.string()),
  deployments: z.array(
    z.object({ environment: z.string(), version: z.number(), status: z.enum(['active', 'waiting', 'refused']) }),
  ),
  lastRun: z.object({ id: z.string(), status: z.string(), at: timeSchema }).nullable(),
  /** Runs and failures since midnight UTC. */
  today: z.object({ runs: z.number(), failed: z.number(), inDoubt: z.number() }),
});
export type FlowReply = z.output<typeof flowSchema>;

const draftState = { revision: z.number(), problems: z.array(flowProblemSchema), manifest: manifestSchema };
export const draftSchema = z.object({
  document: flowDocumentSchema,
  ...draftState,
  /** What the draft is checked against besides the catalogue. */
  boundaries: boundariesSchema,
});
export const versionSchema = z.object({
  version: z.number(),
  hash: z.string(),
  manifest: manifestSchema,
  note: z.string().nullable(),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: timeSchema,
});
export type VersionReply = z.output<typeof versionSchema>;

export const flowsApi = {
  list: contract({
    method: 'GET',
    path: '/flows',
    tag: 'flows',
    summary: 'Flows',
    access: 'flows.read',
    query: z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }),
    reply: page(flowSchema),
  }),
  create: contract({
    method: 'POST',
    path: '/flows',
    tag: 'flows',
    summary: 'Start a flow, empty or from an exported document',
    access: 'flows.edit',
    body: z.strictObject({ name, document: documentInput.optional() }),
    reply: flowSchema,
    status: 201,
    example: { body: { name: 'Payment to CRM and receipt' } },
  }),
  get: contract({
    method: 'GET',
    path: '/flows/:id',
    tag: 'flows',
    summary: 'One flow',
    access: 'flows.read',
    params: id,
    reply: flowSchema,
  }),
  rename: contract({
    method: 'PATCH',
    path: '/flows/:id',
    tag: 'flows',
    summary: 'Rename a flow',
    access: 'flows.edit',
    params: id,
    body: z.strictObject({ name }),
    reply: flowSchema,
    example: { body: { name: 'Payment to CRM' } },
  }),
  remove: contract({
    method: 'DELETE',
    path: '/flows/:id',
    tag: 'flows',
    summary: 'Take a flow out of service: deployments end, history stays',
    access: 'flows.edit',
    params: id,
    reply: nothing,
  }),
  draft: contract({
    method: 'GET',
    path: '/flows/:id/draft',
    tag: 'flows',
    summary: 'The draft with its problems and manifest',
    access: 'flows.read',
    params: id,
    reply: draftSchema,
  }),
  saveDraft: contract({
    method: 'PUT',
    path: '/flows/:id/draft',
    tag: 'flows',
    summary: 'Save the draft; a stale base is refused',
    access: 'flows.edit',
    params: id,
    body: z.strictObject({ document: documentInput, baseRevision: z.int32().min(0).optional() }),
    reply: z.object(draftState),
    example: {
      body: { document: { schema: 'sluice.flow/1', slots: {}, steps: [], edges: [] }, baseRevision: 0 },
      reply: { revision: 1, problems: [], manifest: { slots: {}, hosts: [], scopes: [], sends: [] } },
    },
  }),
  check: contract({
    method: 'POST',
    path: '/flows/:id/check',
    tag: 'flows',
    summary: 'Problems and manifest of the draft',
    access: 'flows.read',
    params: id,
    reply: z.object({ problems: z.array(flowProblemSchema), manifest: manifestSchema }),
  }),
  versions: contract({
    method: 'GET',
    path: '/flows/:id/versions',
    tag: 'flows',
    summary: 'Published versions',
    access: 'flows.read',
    params: id,
    query: z.strictObject({ ...pageQuery }),
    reply: page(versionSchema),
  }),
  version: contract({
    method: 'GET',
    path: '/flows/:id/versions/:version',
    tag: 'flows',
    summary: 'One version with its document',
    access: 'flows.read',
    params: z.strictObject({ id: z.string().max(80), version: z.coerce.number().int().min(1).max(2_147_483_647) }),
    reply: versionSchema.extend({ document: flowDocumentSchema }),
  }),
  publish: contract({
    method: 'POST',
    path: '/flows/:id/versions',
    tag: 'flows',
    summary: 'Publish the draft: immutable, with content hash and manifest',
    access: 'flows.publish',
    params: id,
    body: z.strictObject({ note: z.string().max(500).optional() }).default({}),
    reply: versionSchema,
    status: 201,
    example: { body: { note: 'Receipt in German' } },
  }),
};
