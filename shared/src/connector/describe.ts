import { z } from 'zod';
import { authKinds, type Connector, type Effect, webhookSchemes } from './declare.js';
import { type OAuthDeclaration, oauthGrants } from './oauth.js';

const fieldClassSchema = z.enum(['public', 'internal', 'personal', 'payment', 'health', 'secret']);
const jsonSchemaSchema = z.record(z.string(), z.unknown());

/** A connector as the catalogue sends it: data only, enough to draw forms, check flows and compute manifests. */
export const connectorDescriptionSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  icon: z.object({ name: z.string(), color: z.string() }),
  auth: z.array(z.enum(authKinds)),
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
      risk: z.enum(['read', 'write', 'money', 'delete', 'bulk']),
      vendor: z.array(z.string()),
    }),
  ),
  actions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      scopes: z.array(z.string()),
      method: z.string(),
      path: z.string(),
      input: jsonSchemaSchema,
      output: jsonSchemaSchema,
      effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe', 'by-input']),
      classes: z.record(z.string(), fieldClassSchema),
      sample: z.object({ input: z.unknown(), output: z.unknown() }),
    }),
  ),
  triggers: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      scopes: z.array(z.string()),
      scheme: z.enum([...webhookSchemes, 'from-config', 'manual', 'schedule']),
      params: jsonSchemaSchema,
      event: jsonSchemaSchema,
      sample: z.unknown(),
    }),
  ),
});
export type ConnectorDescription = z.output<typeof connectorDescriptionSchema>;

/** Connectors by id: what the flow's checks and the manifest are computed against. */
export type Catalogue = Readonly<Record<string, ConnectorDescription>>;

/** The data of a connector, without its functions. */
export function describeConnector(connector: Connector): ConnectorDescription {
  const { base, actions, triggers } = connector;
  return {
    id: base.id,
    title: base.title,
    description: base.description,
    icon: base.icon,
    auth: [...base.auth],
    oauth: base.oauth === undefined ? null : describeOAuth(base.oauth),
    config: toJsonSchema(base.config),
    hosts: typeof base.hosts === 'function' ? 'connection' : [...base.hosts],
    scopes: Object.fromEntries(
      Object.entries(base.scopes).map(([id, scope]) => [id, { ...scope, vendor: [...scope.vendor] }]),
    ),
    actions: Object.entries(actions).map(([id, action]) => ({
      id,
      title: action.title,
      description: action.description,
      scopes: [...action.scopes],
      method: action.method,
      path: action.path,
      input: toJsonSchema(action.input),
      output: toJsonSchema(action.output),
      effect: effectName(action.effect),
      classes: { ...action.classes },
      sample: action.sample,
    })),
    triggers: Object.entries(triggers).map(([id, trigger]) => ({
      id,
      title: trigger.title,
      description: trigger.description,
      scopes: [...trigger.scopes],
      scheme: trigger.scheme,
      params: toJsonSchema(trigger.params),
      event: toJsonSchema(trigger.event),
      sample: trigger.sample,
    })),
  };
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
