import { z } from 'zod';
import { authKinds } from '../connector/declare.js';
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

const person = z.object({ id: z.string(), name: z.string() });

export const connectionSchema = z.object({
  id: z.string(),
  connector: z.string(),
  environment: z.string(),
  name: z.string(),
  authKind: z.enum(authKinds),
  config: z.record(z.string(), jsonSchema),
  hosts: z.array(z.string()),
  /** Null: as fast as the flows go. */
  limits: callLimitsSchema.nullable(),
  status: z.enum(['active', 'revoked']),
  /** Of the secret that is in use. */
  version: z.number(),
  owner: person,
  createdAt: timeSchema,
  rotatedAt: timeSchema,
  /** The secret is due for rotation so many days after it was set. */
  rotateDays: z.number().nullable(),
  dueAt: timeSchema.nullable(),
  /** When the service stops taking it, as far as its owner knows. */
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
  lastTest: z.object({ at: timeSchema, ok: z.boolean(), message: z.string() }).nullable(),
  /** Why the last call could not prove itself; null once one could. */
  lastError: z.object({ at: timeSchema, code: z.string(), message: z.string() }).nullable(),
  /** Active deployments that bind it. */
  usedBy: z.array(z.object({ flow: z.string(), name: z.string(), environment: z.string(), slot: z.string() })),
});
export type Connection = z.output<typeof connectionSchema>;

/** One connection with its past: who set which secret, and what used it. */
export const connectionDetailSchema = connectionSchema.extend({
  /** Newest first, 20 at most. */
  versions: z.array(
    z.object({
      version: z.number(),
      authKind: z.enum(authKinds),
      /** What people may see of it. */
      shown: z.record(z.string(), jsonSchema).nullable(),
      createdBy: person,
      createdAt: timeSchema,
      state: z.enum(['in-use', 'kept', 'destroyed']),
      /** Of one that is kept: it can be gone back to until then. */
      keptUntil: timeSchema.nullable(),
    }),
  ),
  /** Calls of the last 30 days; an empty scope is a test. */
  uses: z.array(z.object({ scope: z.string(), host: z.string(), calls: z.number(), lastAt: timeSchema })),
});
export type ConnectionDetail = z.output<typeof connectionDetailSchema>;

const rotateDays = z.int().min(1).max(3650).nullable();
const id = z.strictObject({ id: z.string().max(80) });

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
      /** 90 unless given; null: never. */
      rotateDays: rotateDays.optional(),
      expiresAt: timeSchema.nullable().optional(),
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
  get: contract({
    method: 'GET',
    path: '/connections/:id',
    tag: 'connections',
    summary: 'A connection with the versions of its secret and what used it',
    access: 'connections.read',
    params: id,
    reply: connectionDetailSchema,
  }),
  change: contract({
    method: 'PATCH',
    path: '/connections/:id',
    tag: 'connections',
    summary: 'Set its owner, its limit of calls (null lifts it), when it is due or expires; what is left out stays',
    access: 'connections.manage',
    params: id,
    body: z
      .strictObject({
        limits: callLimitsSchema.nullable(),
        /** A member's id. */
        owner: z.string().max(80),
        rotateDays,
        expiresAt: timeSchema.nullable(),
      })
      .partial()
      .refine((body) => Object.keys(body).length > 0, 'Say what is to change.'),
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
    summary: 'Put a new secret to use at once; the one before is kept for a while, to go back to, and then destroyed',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({
      auth: authInputSchema,
      /** 0: the one before is destroyed at once. */
      keepHours: z.int().min(0).max(168).default(24),
      expiresAt: timeSchema.nullable().optional(),
    }),
    reply: connectionSchema,
    example: { body: { auth: { kind: 'bearer', token: 'the-new-token' } } },
  }),
  rollBack: contract({
    method: 'POST',
    path: '/connections/:id/roll-back',
    tag: 'connections',
    summary: 'Use a version of the secret again that is still kept; the one in use is kept for a day',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({ version: z.int().min(1) }),
    reply: connectionSchema,
    example: { body: { version: 1 } },
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
