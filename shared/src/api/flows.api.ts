import { z } from 'zod';
import { boundariesSchema } from '../flow/boundaries.js';
import { flowDocumentSchema } from '../flow/document.js';
import { draftChangeSchema } from '../flow/drafts/draft-changes.js';
import { manifestSchema } from '../flow/manifest.js';
import { stepIdSchema } from '../flow/step-names.js';
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
/** Another tab that has the flow open; it may be the same member's. */
export const presenceSchema = z.object({
  member: z.object({ id: z.string(), name: z.string() }),
  tab: z.string(),
  step: z.string().nullable(),
});
export type PresenceReply = z.output<typeof presenceSchema>;

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
  changeDraft: contract({
    method: 'PATCH',
    path: '/flows/:id/draft',
    tag: 'flows',
    summary: 'Change parts of the draft; refused where somebody else changed the same part since',
    access: 'flows.edit',
    params: id,
    body: z.strictObject({
      changes: z.array(draftChangeSchema).min(1).max(20_000),
      /** The revision that the changes were made on. */
      baseRevision: z.int32().min(0),
    }),
    reply: z.object({
      ...draftState,
      /** The draft as it is now, where it holds what others changed since `baseRevision`. */
      document: flowDocumentSchema.optional(),
    }),
    example: {
      body: {
        changes: [{ at: ['steps', 'mail', 'input', 'subject'], was: 'Hello', to: 'Thank you' }],
        baseRevision: 1,
      },
      reply: { revision: 2, problems: [], manifest: { slots: {}, hosts: [], scopes: [], sends: [] } },
    },
  }),
  presence: contract({
    method: 'PUT',
    path: '/flows/:id/presence',
    tag: 'flows',
    summary: 'Say that this tab has the flow open, and hear who else has; forgotten after 30 s of silence',
    access: 'flows.read',
    params: id,
    body: z.strictObject({
      tab: z.string().min(8).max(64),
      /** The step whose panel is open. */
      step: stepIdSchema.nullable(),
      /** False when the tab closes the flow. */
      isHere: z.boolean(),
    }),
    reply: z.object({ others: z.array(presenceSchema) }),
    example: {
      body: { tab: 'tab_5f1d0c9a', step: 'mail', isHere: true },
      reply: { others: [{ member: { id: 'mem_1', name: 'Ada' }, tab: 'tab_77aa0b1c', step: 'mail' }] },
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
    /** A draft that was tried is kept with a number below zero; no list names it. */
    params: z.strictObject({
      id: z.string().max(80),
      version: z.coerce.number().int().min(-2_147_483_648).max(2_147_483_647),
    }),
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
