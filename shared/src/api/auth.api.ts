import { z } from 'zod';
import { contract, nothing, timeSchema } from './contract.js';
import { environmentRoles, permissions, roleSchema } from './permissions.js';

export const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(roleSchema),
  environmentRoles: z.record(z.string(), z.array(z.enum(environmentRoles))),
  /** What is held in the whole workspace, or in some environment. */
  permissions: z.array(z.enum(permissions)),
  workspace: z.object({ id: z.string(), name: z.string() }),
  secondFactor: z.boolean(),
  /** Until when a second factor counts as fresh; null when it is not. */
  steppedUpUntil: timeSchema.nullable(),
});
export type Me = z.output<typeof meSchema>;

const email = z.string().trim().toLowerCase().pipe(z.email()).pipe(z.string().max(254));
const password = z.string().min(1).max(1024);
const code = z.string().trim().min(6).max(40);

const enrolment = z.object({
  /** For an authenticator without a camera: base32. */
  secret: z.string(),
  /** otpauth:// address, also drawn in `qr`. */
  uri: z.string(),
  /** data:image/svg+xml */
  qr: z.string(),
});

export const authApi = {
  /** Whether the installation waits for its first owner. */
  status: contract({
    method: 'GET',
    path: '/auth/status',
    tag: 'auth',
    summary: 'Whether the installation is set up',
    access: 'public',
    reply: z.object({ needsSetup: z.boolean() }),
    example: { reply: { needsSetup: false } },
  }),
  /** Takes a one-time link (first owner, or an invited member); goes on with enrolment. */
  setup: contract({
    method: 'POST',
    path: '/auth/setup',
    tag: 'auth',
    summary: 'Use a one-time set-up link: name and password; the second factor follows',
    access: 'public',
    body: z.strictObject({
      token: z.string().min(20).max(200),
      email: email.optional(),
      name: z.string().trim().min(1).max(120).optional(),
      password,
    }),
    reply: z.object({ next: z.enum(['enrol']) }),
    example: {
      body: {
        token: 'one-time-token-from-the-link',
        email: 'ada@example.com',
        name: 'Ada',
        password: 'correct horse battery',
      },
    },
  }),
  login: contract({
    method: 'POST',
    path: '/auth/login',
    tag: 'auth',
    summary: 'First step: e-mail and password. No session yet',
    access: 'public',
    body: z.strictObject({ email, password }),
    reply: z.object({ next: z.enum(['totp', 'enrol']) }),
    example: { body: { email: 'ada@example.com', password: 'correct horse battery' }, reply: { next: 'totp' } },
  }),
  /** Starts (or restarts) enrolment of a second factor. */
  enrol: contract({
    method: 'POST',
    path: '/auth/enrol',
    tag: 'auth',
    summary: 'A new second factor: the key and its QR code; type a code at /auth/totp to finish',
    access: 'signing-in',
    reply: enrolment,
  }),
  totp: contract({
    method: 'POST',
    path: '/auth/totp',
    tag: 'auth',
    summary: 'Second step: a code, or a recovery code. Opens the session',
    access: 'signing-in',
    body: z.strictObject({ code }),
    /** `recoveryCodes` only once, when this code finished an enrolment. */
    reply: meSchema.extend({ recoveryCodes: z.array(z.string()).optional() }),
    example: { body: { code: '492039' } },
  }),
  replaceFactor: contract({
    method: 'POST',
    path: '/auth/replace-factor',
    tag: 'auth',
    summary: 'Finish the enrolment of a new second factor while signed in; the old one stops working',
    access: 'person',
    stepUp: true,
    body: z.strictObject({ code }),
    reply: z.object({ recoveryCodes: z.array(z.string()) }),
    example: { body: { code: '492039' } },
  }),
  stepUp: contract({
    method: 'POST',
    path: '/auth/step-up',
    tag: 'auth',
    summary: 'A fresh second factor for five minutes',
    access: 'person',
    body: z.strictObject({ code }),
    reply: z.object({ steppedUpUntil: timeSchema }),
    example: { body: { code: '492039' } },
  }),
  recoveryCodes: contract({
    method: 'POST',
    path: '/auth/recovery-codes',
    tag: 'auth',
    summary: 'New recovery codes; the old ones stop working',
    access: 'person',
    stepUp: true,
    reply: z.object({ recoveryCodes: z.array(z.string()) }),
  }),
  logout: contract({
    method: 'POST',
    path: '/auth/logout',
    tag: 'auth',
    summary: 'End this session',
    access: 'signing-in',
    reply: nothing,
  }),
  me: contract({
    method: 'GET',
    path: '/auth/me',
    tag: 'auth',
    summary: 'Who is signed in',
    access: 'member',
    reply: meSchema,
  }),
  sessions: contract({
    method: 'GET',
    path: '/auth/sessions',
    tag: 'auth',
    summary: 'Your open sessions',
    access: 'person',
    reply: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          startedAt: timeSchema,
          lastSeenAt: timeSchema,
          address: z.string().nullable(),
          userAgent: z.string().nullable(),
          current: z.boolean(),
        }),
      ),
      next: z.string().nullable(),
    }),
  }),
  revokeSession: contract({
    method: 'DELETE',
    path: '/auth/sessions/:id',
    tag: 'auth',
    summary: 'End one of your sessions, in force at once',
    access: 'person',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: nothing,
  }),
};
