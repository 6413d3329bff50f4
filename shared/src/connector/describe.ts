import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.js';
import { credentialsSchema } from './credentials.js';
import {
  type AnyAction,
  authKinds,
  categories,
  type Connector,
  type Effect,
  risks,
  webhookSchemes,
} from './declare.js';
import { errorFieldsOf } from './error-reading.js';
import { fieldClassSchema, usualClasses } from './field-class.js';
import { type OAuthDeclaration, oauthGrants } from './oauth.js';

const jsonSchemaSchema = z.record(z.string(), z.unknown());
const classesSchema = z.record(z.string(), fieldClassSchema);

/** A connector as the catalogue sends it: data only, enough to draw forms, check flows and compute manifests. */
export const connectorDescriptionSchema = z.object({
  id: z.string(),
  /** Of an imported connector: the hash of its declaration. */
  version: z.string().optional(),
  title: z.string(),
  description: z.string(),
  icon: z.object({ name: z.string(), color: z.string() }),
  category: z.enum(categories),
  docs: z.string().nullable(),
  setup: z.array(z.string()),
  auth: z.array(z.enum(authKinds)),
  credentials: credentialsSchema,
  limits: z.object({ callsPerSecond: z.number(), burst: z.number(), says: z.string() }).nullable(),
  /** Null: none. `connection`: the connection's owner names the authorization server. */
  oauth: z
    .object({
      grants: z.array(z.enum(oauthGrants)),
      server: z.enum(['vendor', 'connection']),
      extraScopes: z.array(z.string()),
    })
    .nullable(),
  config: jsonSchemaSchema,
  /** `connection`: the hosts come from the connection's config. */
  hosts: z.union([z.array(z.string()), z.literal('connection')]),
  scopes: z.record(
    z.string(),
    z.object({
      title: z.string(),
      risk: z.enum(risks),
      vendor: z.array(z.string()),
    }),
  ),
  /** The classes of data that it may be sent. */
  receives: z.array(fieldClassSchema),
  actions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      scopes: z.array(z.string()),
      method: z.string(),
      path: z.string(),
      callFrom: z
        .union([
          z.object({ method: z.string(), url: z.string() }),
          z.object({ path: z.string(), below: z.literal('/').optional() }),
        ])
        .optional(),
      directs: z.array(z.string()).optional(),
      literals: z.array(z.string()).optional(),
      input: jsonSchemaSchema,
      output: jsonSchemaSchema,
      effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe', 'by-input']),
      classes: classesSchema,
      outputClasses: classesSchema,
      /** What of the service's answer comes in; null: all of it. */
      replyFields: z.array(z.string()).nullable(),
      /** Those of them that the action works without; `*` where all of it comes in and none is needed. */
      spareFields: z.array(z.string()).default([]),
      /** When it is tried again by its standard: the seconds before each further try. */
      retrySchedule: z.object({ title: z.string(), pauses: z.array(z.number()) }).optional(),
      sample: z.object({ input: z.unknown(), output: z.unknown() }),
    }),
  ),
  /** What is computed without a connection. */
  computations: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        description: z.string(),
        input: jsonSchemaSchema,
        output: jsonSchemaSchema,
        sample: z.object({ input: z.unknown(), output: z.unknown() }),
      }),
    )
    .default([]),
  triggers: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      scopes: z.array(z.string()),
      scheme: z.enum([...webhookSchemes, 'from-config', 'manual', 'schedule', 'poll']),
      /** Of the scheme `poll`: the action that it repeats, through the flow's first slot of this connector. */
      asks: z.string().optional(),
      params: jsonSchemaSchema,
      event: jsonSchemaSchema,
      classes: classesSchema,
      sample: z.unknown(),
      /** By event, where a flow chooses among several. */
      samples: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
export type ConnectorDescription = z.output<typeof connectorDescriptionSchema>;

/** Connectors by id: what the flow's checks and the manifest are computed against. */
export type Catalogue = Readonly<Record<string, ConnectorDescription>>;

/** The data of a connector, without its functions. */
export function describeConnector(connector: Connector): ConnectorDescription {
  const { base, actions, triggers, computations = {} } = connector;
  return {
    id: base.id,
    title: base.title,
    description: base.description,
    icon: base.icon,
    category: base.category ?? 'plumbing',
    docs: base.docs ?? null,
    setup: [...(base.setup ?? [])],
    auth: [...base.auth],
    credentials: { ...base.credentials },
    limits: base.limits === undefined ? null : { ...base.limits },
    oauth: base.oauth === undefined ? null : describeOAuth(base.oauth),
    config: toJsonSchema(base.config),
    hosts: typeof base.hosts === 'function' ? 'connection' : [...base.hosts],
    scopes: Object.fromEntries(
      Object.entries(base.scopes).map(([id, scope]) => [id, { ...scope, vendor: [...scope.vendor] }]),
    ),
    receives: [...(base.receives ?? usualClasses)],
    actions: Object.entries(actions).map(([id, action]) => ({
      id,
      title: action.title,
      description: action.description,
      scopes: [...action.scopes],
      method: action.method,
      path: action.path,
      ...(action.callFrom === undefined ? {} : { callFrom: action.callFrom }),
      ...(action.directs === undefined ? {} : { directs: [...action.directs] }),
      ...(action.literals === undefined ? {} : { literals: [...action.literals] }),
      input: toJsonSchema(action.input),
      output: toJsonSchema(action.output),
      effect: effectName(action.effect),
      classes: { ...action.classes },
      outputClasses: { ...action.outputClasses },
      replyFields: replyFieldsOf(connector, action),
      spareFields: spareFieldsOf(connector, action),
      ...(action.retrySchedule === undefined
        ? {}
        : { retrySchedule: { ...action.retrySchedule, pauses: [...action.retrySchedule.pauses] } }),
      sample: action.sample,
    })),
    computations: Object.entries(computations).map(([id, { title, description, input, output, sample }]) => {
      return { id, title, description, input: toJsonSchema(input), output: toJsonSchema(output), sample };
    }),
    triggers: Object.entries(triggers).map(([id, trigger]) => ({
      id,
      title: trigger.title,
      description: trigger.description,
      scopes: [...trigger.scopes],
      scheme: trigger.scheme,
      ...(trigger.poll === undefined ? {} : { asks: trigger.poll.action }),
      params: toJsonSchema(trigger.params),
      event: toJsonSchema(trigger.event),
      classes: { ...trigger.classes },
      sample: trigger.sample,
      ...(trigger.events === undefined ? {} : { samples: { ...trigger.events.samples } }),
    })),
  };
}

/**
 * What an approval stands on, as canonical JSON: hosts, sign-in kinds, scopes, calls, field classes, effects,
 * guards and signatures. Titles, forms and samples may change without asking anybody.
 */
export function connectorText({ id, hosts, auth, scopes, actions, triggers }: ConnectorDescription): string {
  return canonicalJson({
    id,
    hosts,
    auth,
    scopes: Object.fromEntries(Object.entries(scopes).map(([name, { risk, vendor }]) => [name, { risk, vendor }])),
    actions: actions.map((action) => {
      const {
        id: name,
        scopes: uses,
        method,
        path,
        callFrom,
        directs,
        literals,
        effect,
        classes,
        replyFields,
      } = action;
      return { name, uses, method, path, callFrom, directs, literals, effect, classes, replyFields };
    }),
    triggers: triggers.map(({ id: name, scopes: uses, scheme, asks }) => ({ name, uses, scheme, asks })),
  });
}

/** What the broker lets in of answers to an action; null: all of it. */
export function replyFieldsOf(
  { base: { errorFields = [], errors } }: Connector,
  { replyFields }: Pick<AnyAction, 'replyFields'>,
): string[] | null {
  return replyFields === undefined ? null : [...new Set([...replyFields, ...errorFields, ...errorFieldsOf(errors)])];
}

/** What a service says of its errors is told to people and needed by nobody. */
function spareFieldsOf(
  { base: { errorFields = [], errors } }: Connector,
  { replyFields, spareFields = [] }: Pick<AnyAction, 'replyFields' | 'spareFields'>,
): string[] {
  const ofErrors = replyFields === undefined ? [] : [...errorFields, ...errorFieldsOf(errors)];
  const isNeeded = (field: string) => replyFields?.includes(field) === true && !spareFields.includes(field);
  return [...new Set([...spareFields, ...ofErrors])].filter((field) => !isNeeded(field));
}

function describeOAuth({ grants, server, extraScopes = [] }: OAuthDeclaration): ConnectorDescription['oauth'] {
  return {
    grants: [...grants],
    server: server === 'connection' ? server : 'vendor',
    extraScopes: [...extraScopes],
  };
}

function effectName(
  effect: Effect | ((...input: never[]) => Effect),
): ConnectorDescription['actions'][number]['effect'] {
  return typeof effect === 'function' ? 'by-input' : effect.class;
}

function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
