import { z } from 'zod';
import { jsonSchema } from '../lib/json.js';
import { roleSchema } from '../lib/roles.js';
import { expressionSchema, mappingSchema, portSchema, stepIdSchema } from './step-names.js';

/* What each kind of step is made of. Containers, which hold steps themselves, are in `document.ts`. */

export const retrySchema = z.strictObject({
  /** How often the step is tried in all. */
  attempts: z.int().min(1).max(20),
  backoff: z.enum(['exponential', 'fixed']).default('exponential'),
  firstSeconds: z.number().min(0).max(86_400).default(2),
  maxSeconds: z.number().min(0).max(86_400).optional(),
  /** Seconds before the second try, the third and so on, in the place of `backoff`; the last goes for all that follow. */
  pauses: z.array(z.number().min(0).max(604_800)).min(1).max(19).optional(),
});
export type Retry = z.output<typeof retrySchema>;

export const common = {
  id: stepIdSchema,
  name: z.string().min(1).max(120).optional(),
  disabled: z.boolean().optional(),
};
export const failing = {
  /** `fail` ends the run (in a loop: the item), `port` takes the step's `error` port, `continue` goes on with no output. */
  onError: z.enum(['fail', 'port', 'continue']).default('fail'),
};
const effectful = {
  retry: retrySchema.optional(),
  ...failing,
  timeoutSeconds: z.number().min(1).max(900).optional(),
};

const trigger = z.strictObject({
  ...common,
  kind: z.literal('trigger'),
  connector: z.string().max(64),
  trigger: z.string().max(64),
  config: z.record(z.string(), jsonSchema).default({}),
  /** What a run is about, as its business calls it: an order's number. Runs are found by it. */
  key: mappingSchema.optional(),
  /** Runs of one key go one after another, in the order in which they were accepted; those without a key do too. */
  inOrder: z.boolean().optional(),
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
const compute = z.strictObject({
  ...common,
  kind: z.literal('compute'),
  connector: z.string().max(64),
  /** What of the connector's computations: a pure function of the input, without a connection. */
  computation: z.string().max(64),
  input: z.record(z.string(), mappingSchema).default({}),
  ...failing,
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
const longestWaitSeconds = 31_536_000;
const approval = z.strictObject({
  ...common,
  kind: z.literal('approval'),
  /** What the person reads, and values they need to decide. */
  question: mappingSchema,
  details: z.record(z.string(), mappingSchema).default({}),
  /** Who may decide: members with one of these roles. */
  deciders: z.array(roleSchema).min(1).max(6).default(['approver', 'admin', 'owner']),
  timeoutSeconds: z.int().min(1).max(longestWaitSeconds).default(604_800),
  /** What stands when nobody decided in time. */
  onTimeout: z.enum(['approve', 'refuse', 'fail']).default('refuse'),
});
const callback = z.strictObject({
  ...common,
  kind: z.literal('callback'),
  timeoutSeconds: z.int().min(1).max(longestWaitSeconds).default(604_800),
  ...failing,
});
const subflow = z.strictObject({
  ...common,
  kind: z.literal('subflow'),
  /** Id of a flow of the same workspace that begins by hand; what is deployed of it in this environment runs. */
  flow: z.string().max(80),
  input: z.record(z.string(), mappingSchema).default({}),
  /** Whether its end is waited for; else the step is done once the run has begun. */
  wait: z.boolean().default(true),
  timeoutSeconds: z.int().min(1).max(longestWaitSeconds).optional(),
  ...failing,
});
const state = z.strictObject({
  ...common,
  kind: z.literal('state'),
  /** `remember` stores a value only where there is none, and tells whether it was the first. */
  operation: z.enum(['get', 'set', 'increment', 'remember']),
  /** Text of up to 200 characters; a state belongs to the flow and the environment. */
  key: mappingSchema,
  /** Of `set` and `remember`. */
  value: mappingSchema.optional(),
  /** Of `increment`; 1 when left out. */
  by: mappingSchema.optional(),
  /** Forgotten after so many seconds without being written. */
  keepSeconds: z.int().min(1).max(longestWaitSeconds).optional(),
  ...failing,
});
const code = z.strictObject({
  ...common,
  kind: z.literal('code'),
  /** Body of a JavaScript function of `input`; what it returns is the step's output. */
  source: z.string().max(50_000),
  input: z.record(z.string(), mappingSchema).default({}),
  ...failing,
});

export const simpleStepSchema = z.discriminatedUnion('kind', [
  trigger,
  action,
  transform,
  compute,
  filter,
  branch,
  wait,
  respond,
  stop,
  approval,
  callback,
  subflow,
  state,
  code,
]);
