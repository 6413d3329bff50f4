import { jsonSchema } from '../lib/json.js';
import { z } from 'zod';

/*
 * The words (product.md): a flow is drawn as steps joined by edges; a step of kind action uses a slot; a slot is
 * bound to a connection by each environment; a version is an immutable document known by its content hash.
 */

export const flowSchemaId = 'sluice.flow/1';
export const limits = { steps: 2000, inlineValueBytes: 1024 * 1024 } as const;

/** Also the name in expressions (`steps.<id>`), so it must be a plain name. Slots are named alike. */
export const stepIdSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a step id is a letter, then up to 63 letters, digits or underscores');
export const portSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a port is a letter, then up to 63 letters, digits, dashes or underscores');

/** A literal, a template (text with `{{ }}`), an expression (`{ "$": "..." }`), or JSON made of these. */
export const mappingSchema = jsonSchema;
export const expressionSchema = z.strictObject({ $: z.string().min(1).max(10_000) });

export const retrySchema = z.strictObject({
  /** How often the step is tried in all. */
  attempts: z.int().min(1).max(20),
  backoff: z.enum(['exponential', 'fixed']).default('exponential'),
  firstSeconds: z.number().min(0).max(86_400).default(2),
  maxSeconds: z.number().min(0).max(86_400).optional(),
});
export type Retry = z.output<typeof retrySchema>;

const common = {
  id: stepIdSchema,
  name: z.string().min(1).max(120).optional(),
  disabled: z.boolean().optional(),
};
const effectful = {
  retry: retrySchema.optional(),
  /** `fail` ends the run, `port` takes the step's `error` port, `continue` goes on with no output. */
  onError: z.enum(['fail', 'port', 'continue']).default('fail'),
  timeoutSeconds: z.number().min(1).max(900).optional(),
};

const trigger = z.strictObject({
  ...common,
  kind: z.literal('trigger'),
  connector: z.string().max(64),
  trigger: z.string().max(64),
  config: z.record(z.string(), jsonSchema).default({}),
});
const action = z.strictObject({
  ...common,
  kind: z.literal('action'),
  slot: z.string().max(64),
  action: z.string().max(64),
  input: z.record(z.string(), mappingSchema).default({}),
  ...effectful,
});
const transform = z.strictObject({
  ...common,
  kind: z.literal('transform'),
  input: z.record(z.string(), mappingSchema).default({}),
});
const filter = z.strictObject({ ...common, kind: z.literal('filter'), when: z.union([expressionSchema, z.boolean()]) });
const branch = z.strictObject({
  ...common,
  kind: z.literal('branch'),
  /** The first case that holds takes its port; none takes `else`. */
  cases: z
    .array(z.strictObject({ port: portSchema, when: z.union([expressionSchema, z.boolean()]) }))
    .min(1)
    .max(50),
});
const wait = z.strictObject({
  ...common,
  kind: z.literal('wait'),
  /** For so many seconds, or until an ISO 8601 time: exactly one of the two. */
  seconds: z.union([z.number().min(0).max(31_536_000), expressionSchema]).optional(),
  until: z.union([z.iso.datetime({ offset: true }), expressionSchema]).optional(),
});
const respond = z.strictObject({
  ...common,
  kind: z.literal('respond'),
  status: z.int().min(200).max(599).default(200),
  headers: z.record(z.string(), mappingSchema).default({}),
  body: mappingSchema.optional(),
});
const stop = z.strictObject({
  ...common,
  kind: z.literal('stop'),
  outcome: z.enum(['succeeded', 'failed']).default('succeeded'),
  message: mappingSchema.optional(),
});
const simpleStepSchema = z.discriminatedUnion('kind', [
  trigger,
  action,
  transform,
  filter,
  branch,
  wait,
  respond,
  stop,
]);
type SimpleStep = z.output<typeof simpleStepSchema>;

/** A container: its steps run once an item. Written out because it holds steps itself. */
export interface ForEachStep {
  id: string;
  name?: string | undefined;
  disabled?: boolean | undefined;
  kind: 'forEach';
  items: { $: string };
  concurrency: number;
  steps: Step[];
  edges: Edge[];
}
export type Step = SimpleStep | ForEachStep;
export type StepKind = Step['kind'];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

export const edgeSchema = z.strictObject({
  from: stepIdSchema,
  /** `next` unless named: a case's port or `else` of a branch, `error` of a step with `onError: port`. */
  port: portSchema.optional(),
  to: stepIdSchema,
});
export type Edge = z.output<typeof edgeSchema>;

const forEach = z.strictObject({
  ...common,
  kind: z.literal('forEach'),
  items: expressionSchema,
  concurrency: z.int().min(1).max(100).default(1),
  steps: z.array(z.lazy((): z.ZodType<Step> => stepSchema)).max(limits.steps),
  edges: z.array(edgeSchema).max(limits.steps * 4),
});

export const stepSchema = z.discriminatedUnion('kind', [...simpleStepSchema.options, forEach]);

const pointSchema = z.tuple([z.number(), z.number()]);
export const noteSchema = z.strictObject({
  id: z.string().min(1).max(64),
  text: z.string().max(4000),
  at: pointSchema,
  author: z.string().max(120).optional(),
});
export type Note = z.output<typeof noteSchema>;

export const slotSchema = z.strictObject({ connector: z.string().min(1).max(64) });

/** What `PUT /flows/:id/draft` takes, export writes and import reads. Unknown keys are refused with their path. */
export const flowDocumentSchema = z.strictObject({
  schema: z.literal(flowSchemaId),
  slots: z.record(stepIdSchema, slotSchema).default({}),
  steps: z.array(stepSchema).max(limits.steps, `a flow holds at most ${limits.steps} steps`).default([]),
  edges: z
    .array(edgeSchema)
    .max(limits.steps * 4)
    .default([]),
  settings: z
    .strictObject({
      onFailure: z.strictObject({ notify: z.array(z.enum(['owner'])) }).optional(),
      timeoutSeconds: z.int().min(1).max(31_536_000).optional(),
      direction: z.enum(['down', 'right']).optional(),
    })
    .default({}),
  /** Positions by step id, apart from meaning: the content hash ignores layout and notes. */
  layout: z.record(stepIdSchema, pointSchema).default({}),
  notes: z.array(noteSchema).max(500).default([]),
});
export type FlowDocument = z.output<typeof flowDocumentSchema>;

/** A document with nothing drawn yet. */
export function emptyDocument(): FlowDocument {
  return { schema: flowSchemaId, slots: {}, steps: [], edges: [], settings: {}, layout: {}, notes: [] };
}
