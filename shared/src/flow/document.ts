import { z } from 'zod';
import type { Json } from '../lib/json.js';
import { common, failing, simpleStepSchema } from './step-kinds.js';
import { type Edge, edgeSchema, expressionSchema, limits, mappingSchema, stepIdSchema } from './step-names.js';

export { type Retry, retrySchema } from './step-kinds.js';
export * from './step-names.js';

/*
 * The words (product.md): a flow is drawn as steps joined by edges; a step of kind action uses a slot; a slot is
 * bound to a connection by each environment; a version is an immutable document known by its content hash.
 */

export const flowSchemaId = 'sluice.flow/1';
type SimpleStep = z.output<typeof simpleStepSchema>;

/** Steps that hold steps. Written out, because a schema that holds itself has no type of its own. */
interface Container {
  id: string;
  name?: string | undefined;
  disabled?: boolean | undefined;
  onError: 'fail' | 'port' | 'continue';
  /** What one pass gives; when left out, the output of its last step (of several, by id). */
  collect?: Json | undefined;
  steps: Step[];
  edges: Edge[];
}
/** Its steps run once an item, several items at a time; the results keep the order of the items. */
export interface ForEachStep extends Container {
  kind: 'forEach';
  items: { $: string };
  concurrency: number;
  /** Whether an item that fails fails the step, or is only listed among the failed. */
  onItemError: 'fail' | 'continue';
}
/** Its steps run again and again until a condition holds at the end of a pass. */
export interface RepeatStep extends Container {
  kind: 'repeat';
  until: { $: string };
  maxPasses: number;
}
export type ContainerStep = ForEachStep | RepeatStep;
export type Step = SimpleStep | ContainerStep;
export type StepKind = Step['kind'];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

const container = {
  ...common,
  ...failing,
  collect: mappingSchema.optional(),
  steps: z.array(z.lazy((): z.ZodType<Step> => stepSchema)).max(limits.steps),
  edges: z.array(edgeSchema).max(limits.steps * 4),
};
const forEach = z.strictObject({
  ...container,
  kind: z.literal('forEach'),
  items: expressionSchema,
  concurrency: z.int().min(1).max(100).default(1),
  onItemError: z.enum(['fail', 'continue']).default('fail'),
});
const repeat = z.strictObject({
  ...container,
  kind: z.literal('repeat'),
  until: expressionSchema,
  maxPasses: z.int().min(1).max(limits.passes).default(100),
});

export const stepSchema = z.discriminatedUnion('kind', [...simpleStepSchema.options, forEach, repeat]);

/** Whether a step holds steps. */
export function isContainer(step: Step): step is ContainerStep {
  return step.kind === 'forEach' || step.kind === 'repeat';
}

const pointSchema = z.tuple([z.number(), z.number()]);
export const noteSchema = z.strictObject({
  id: z.string().min(1).max(64),
  text: z.string().max(4000),
  at: pointSchema,
  author: z.string().max(120).optional(),
});
export type Note = z.output<typeof noteSchema>;

export const groupColours = ['grey', 'teal', 'violet', 'red', 'amber'] as const;
/** Steps of the flow itself that are drawn in one frame; without any meaning for how the flow runs. */
export const groupSchema = z.strictObject({
  id: z.string().min(1).max(64),
  title: z.string().max(120),
  colour: z.enum(groupColours).default('grey'),
  steps: z.array(stepIdSchema).min(1).max(limits.steps),
});
export type Group = z.output<typeof groupSchema>;

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
      /** Whom a failed run is told to, and a flow that then begins with what failed as its event. */
      onFailure: z
        .strictObject({ notify: z.array(z.enum(['owner'])).default([]), flow: z.string().max(80).optional() })
        .optional(),
      timeoutSeconds: z.int().min(1).max(31_536_000).optional(),
      direction: z.enum(['down', 'right']).optional(),
    })
    .default({}),
  /**
   * Positions by step id, apart from meaning: the content hash ignores layout, notes and groups. A step inside of a container is
   * placed from the container's corner.
   */
  layout: z.record(stepIdSchema, pointSchema).default({}),
  notes: z.array(noteSchema).max(500).default([]),
  groups: z.array(groupSchema).max(500).default([]),
});
export type FlowDocument = z.output<typeof flowDocumentSchema>;

/** A document with nothing drawn yet. */
export function emptyDocument(): FlowDocument {
  return { schema: flowSchemaId, slots: {}, steps: [], edges: [], settings: {}, layout: {}, notes: [], groups: [] };
}
