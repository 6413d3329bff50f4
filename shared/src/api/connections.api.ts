import { z } from 'zod';
import { keyPlaces } from '../connector/credentials.js';
import { authKinds } from '../connector/declare.js';
import { clientAuths, oauthGrants } from '../connector/oauth.js';
import { jsonSchema } from '../lib/json.js';
import { callLimitsSchema } from './call-limits.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';

const secret = z.string().min(1).max(20_000);
const endpoint = z
  .string()
  .max(2000)
  .refine(isEndpoint, 'a full address such as https://login.example.com/oauth/token, without user name or #');

/** An authorization server: found from its issuer (RFC 8414), or each endpoint by its address. */
export const oauthServerSchema = z.union([
  z.strictObject({ issuer: endpoint }),
  z.strictObject({ authorization: endpoint.optional(), token: endpoint, revocation: endpoint.optional() }),
]);
export type OAuthServer = z.output<typeof oauthServerSchema>;

/** RFC 6749, 3.3. */
const oauthScope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/, 'a scope as the vendor writes it, without spaces');

/** Secrets go in and never come back. */
export const authInputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: secret }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().min(1).max(500), password: secret }),
  z.strictObject({
    kind: z.literal('apiKey'),
    in: z.enum(keyPlaces),
    name: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/),
    value: secret,
  }),
  /** Signs what is sent, as Standard Webhooks 1.0 says: `whsec_` with HMAC-SHA256, `whsk_` with Ed25519. */
  z.strictObject({
    kind: z.literal('signing'),
    secret: z
      .string()
      .regex(
        /^(?:whsec_[A-Za-z0-9+/]{32,128}={0,2}|whsk_[A-Za-z0-9+/]{86}==)$/,
        'whsec_ and 24 bytes or more in base64, or whsk_ and the 64 bytes of an Ed25519 key pair',
      ),
  }),
  /** An address whose path or query is the secret. The connection's settings name its host; the rest is sealed. */
  z.strictObject({
    kind: z.literal('secretUrl'),
    url: z.string().max(4000).refine(isSecretUrl, 'a full https:// address with a path, without user name or #'),
  }),
  /** Signs each request to S3 or what speaks like it, as AWS Signature Version 4 says. */
  z.strictObject({
    kind: z.literal('sigV4'),
    accessKeyId: z.string().regex(/^[\w.-]{3,128}$/, 'an access key id, without spaces'),
    secretAccessKey: secret,
    region: z.string().regex(/^[A-Za-z0-9-]{1,40}$/, 'a region such as eu-central-1'),
  }),
  z.strictObject({
    kind: z.literal('oauth2'),
    grant: z.enum(oauthGrants),
    clientId: z.string().min(1).max(500),
    /** Left out for a public client. */
    clientSecret: secret.optional(),
    clientAuth: z.enum(clientAuths).optional(),
    /** What may be granted and no more, as the vendor writes it. */
    scopes: z.array(oauthScope).max(100),
    /** Left out where the vendor has one of its own. */
    server: oauthServerSchema.optional(),
  }),
  /** Signs texts in the vault's room, and is never sent; the connection's settings say how it is written. */
  z.strictObject({ kind: z.literal('hmacKey'), key: z.string().min(16).max(20_000) }),
  /** The pair is made here, Ed25519; its public half is shown, the private one never leaves the vault. */
  z.strictObject({
    kind: z.literal('sshKey'),
    username: z.string().regex(/^[^\s\p{Cc}:]{1,100}$/u, 'a user name without spaces'),
  }),
]);
export type AuthInput = z.output<typeof authInputSchema>;

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}

function isSecretUrl(text: string): boolean {
  if (!isEndpoint(text)) return false;
  const { protocol, pathname, search } = new URL(text);
  return protocol === 'https:' && `${pathname}${search}`.length > 1;
}

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
  /** Of an OAuth connection. */
  oauth: z
    .object({
      status: z.enum(['authorized', 'not-authorized', 'authorize-again']),
      /** Scopes that were approved, as the vendor writes them. */
      approved: z.array(z.string()),
      /** Those that the service granted; null before it granted any. */
      granted: z.array(z.string()).nullable(),
      /** Of the access token, which is renewed by itself. */
      expiresAt: timeSchema.nullable(),
      obtainedAt: timeSchema.nullable(),
      needsPerson: z.boolean(),
      failure: z.string().nullable(),
    })
    .nullable(),
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
  /** Calls of the last 90 days; an empty scope is a test. */
  uses: z.array(z.object({ scope: z.string(), host: z.string(), calls: z.number(), lastAt: timeSchema })),
  /** What grants in force allow with it; where nobody has to approve there are none. */
  granted: z.array(z.string()),
  /**
   * Its hosts that are taken for down after so many failures in a row: until then no call goes out, and then one that looks.
   * And those whose calls failed so often that so many are not made again before then.
   */
  pauses: z.array(
    z.object({ host: z.string(), kind: z.enum(['down', 'retries']), calls: z.number(), until: timeSchema }),
  ),
});
export type ConnectionDetail = z.output<typeof connectionDetailSchema>;

/** A field of an action's or trigger's form, and what the form says already. */
const choicesAskedSchema = z.strictObject({
  form: z.strictObject({ kind: z.enum(['action', 'trigger']), id: z.string().min(1).max(120) }),
  field: z.string().min(1).max(120),
  given: z.record(z.string().max(120), z.union([z.string().max(2000), z.number(), z.boolean()])).default({}),
});
export type ChoicesAsked = z.output<typeof choicesAskedSchema>;

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
      /** What the vendor states unless given. */
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
  choices: contract({
    method: 'POST',
    path: '/connections/:id/choices',
    tag: 'connections',
    summary: 'What the service lists for a field of a form, where drafts may be tried; reads, and is in the log',
    access: 'flows.deploy',
    isKeptNowhere: true,
    params: id,
    body: choicesAskedSchema,
    reply: z.object({
      items: z.array(z.object({ value: z.string(), label: z.string() })),
      /** The service has more than are listed. */
      more: z.boolean(),
    }),
    example: { body: { form: { kind: 'action', id: 'contacts.upsert' }, field: 'audience' } },
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
  readHostKey: contract({
    method: 'POST',
    path: '/connections/:id/host-key/read',
    tag: 'connections',
    summary: 'Ask an SSH server for its host key; no secret is used for it, and nothing is approved',
    access: 'connections.manage',
    params: id,
    reply: z.object({ type: z.string(), fingerprint: z.string(), isApproved: z.boolean() }),
  }),
  approveHostKey: contract({
    method: 'PUT',
    path: '/connections/:id/host-key',
    tag: 'connections',
    summary: 'Approve the host key by which the server is known from now on; any other is refused',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({
      fingerprint: z
        .string()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as ssh-keygen -l prints it: SHA256: and 43 characters'),
    }),
    reply: connectionSchema,
    example: { body: { fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDOqhL4oq3Z0Yc9wOc' } },
  }),
  authorize: contract({
    method: 'POST',
    path: '/connections/:id/authorize',
    tag: 'connections',
    summary: 'Begin an authorization; the answer is where the browser goes',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    reply: z.object({ url: z.string() }),
  }),
  finishAuthorization: contract({
    method: 'POST',
    path: '/oauth/callback',
    tag: 'connections',
    summary:
      'Finish an authorization that this session has begun, with the query that the service sent the browser back with',
    access: 'connections.manage',
    body: z.strictObject({ query: z.string().min(1).max(8000) }),
    reply: z.object({ connection: z.string(), granted: z.array(z.string()), missing: z.array(z.string()) }),
    example: { body: { query: 'code=SplxlOBeZQQYbYS6WxSbIA&state=con_0123.af0ifjsldkj' } },
  }),
  revoke: contract({
    method: 'POST',
    path: '/connections/:id/revoke',
    tag: 'connections',
    summary: 'Stop it everywhere; the service is told where it takes that, and the sealed secret is destroyed',
    access: 'connections.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    reply: connectionSchema,
    example: { body: { reason: 'Key was seen in a log' } },
  }),
};
