import { z } from 'zod';
import { jsonSchema } from '../lib/json.js';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';

const secret = z.string().min(1).max(20_000);
/** Secrets go in and never come back. */
export const authInputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: secret }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().min(1).max(500), password: secret }),
  z.strictObject({
    kind: z.literal('apiKey'),
    in: z.enum(['header', 'query']),
    name: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/),
    value: secret,
  }),
]);
export type AuthInput = z.output<typeof authInputSchema>;

export const connectionSchema = z.object({
  id: z.string(),
  connector: z.string(),
  environment: z.string(),
  name: z.string(),
  authKind: z.enum(['none', 'bearer', 'basic', 'apiKey', 'oauth2']),
  config: z.record(z.string(), jsonSchema),
  hosts: z.array(z.string()),
  /** Null: as fast as the flows go. */
  limits: callLimitsSchema.nullable(),
  status: z.enum(['active', 'revoked']),
  /** Of the secret; grows with each rotation. */
  version: z.number(),
  owner: z.object({ id: z.string(), name: z.string() }),
  createdAt: timeSchema,
  rotatedAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
  lastTest: z.object({ at: timeSchema, ok: z.boolean(), message: z.string() }).nullable(),
  /** Active deployments that bind it. */
  usedBy: z.array(z.object({ flow: z.string(), name: z.string(), environment: z.string(), slot: z.string() })),
});
export type Connection = z.output<typeof connectionSchema>;
const id = z.object({ id: z.string().max(80) });

export const connectionsApi = {
  list: contract({
    method: 'GET',
    path: '/connections',
    tag: 'connections',
    summary: 'Connections, by environment',
    access: 'connections.read',
    query: z.strictObject({
      ...pageQuery,
      environment: z.string().max(40).optional(),
      connector: z.string().max(80).optional(),
    }),
    reply: page(connectionSchema),
  }),
  create: contract({
    method: 'POST',
    path: '/connections',
    tag: 'connections',
    summary: 'Make a connection; the secret is sealed and never comes back',
    access: 'connections.manage',
    stepUp: false,
    body: z.strictObject({
      connector: z.string().min(1).max(80),
      environment: z.string().min(1).max(40),
      name: z.string().trim().min(1).max(120),
      auth: authInputSchema,
      config: z.record(z.string(), jsonSchema).default({}),
      limits: callLimitsSchema.optional(),
    }),
    reply: connectionSchema,
    status: 201,
    example: {
      body: {
        connector: 'http',
        environment: 'dev',
        name: 'Books',
        auth: { kind: 'bearer', token: 'the-token' },
        config: { allowedHosts: ['api.example.com'] },
      },
    },
  }),
  limit: contract({
    method: 'PATCH',
    path: '/connections/:id',
    tag: 'connections',
    summary: 'Set how many calls may be made with it, or lift the limit',
    access: 'connections.manage',
    params: id,
    body: z.strictObject({ limits: callLimitsSchema.nullable() }),
    reply: connectionSchema,
    example: { body: { limits: { callsPerSecond: 10, burst: 20 } } },
  }),
  test: contract({
    method: 'POST',
    path: '/connections/:id/test',
    tag: 'connections',
    summary: 'Prove that the service accepts it',
    access: 'connections.manage',
    params: id,
    reply: z.object({ ok: z.boolean(), message: z.string() }),
  }),
  rotate: contract({
    method: 'POST',
    path: '/connections/:id/rotate',
    tag: 'connections',
    summary: 'Replace the secret',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({ auth: authInputSchema }),
    reply: connectionSchema,
    example: { body: { auth: { kind: 'bearer', token: 'the-new-token' } } },
  }),
  revoke: contract({
    method: 'POST',
    path: '/connections/:id/revoke',
    tag: 'connections',
    summary: 'Stop it everywhere; the sealed secret is destroyed',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    reply: connectionSchema,
    example: { body: { reason: 'Key was seen in a log' } },
  }),
};
