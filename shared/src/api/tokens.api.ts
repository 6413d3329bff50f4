import { z } from 'zod';
import { cidrSchema } from '../lib/cidr.js';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { type Permission, permissions } from './permissions.js';

/** What a person must do, with a second factor, so that no token lets anybody in or widens what is allowed. */
const forPeople: readonly Permission[] = [
  'members.manage',
  'grants.decide',
  'runs.reveal',
  'policies.manage',
  'keys.manage',
  'data.erase',
  'workspaces.create',
];
export const tokenPermissions = permissions.filter((permission) => !forPeople.includes(permission));
const tokenPermissionSchema = z.enum(permissions).refine((permission) => tokenPermissions.includes(permission), {
  message: 'This is left to people: no token carries it.',
});

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** How the token begins: enough to know it by, far too little to use. */
  prefix: z.string(),
  permissions: z.array(z.enum(permissions)),
  /** Null: each environment in which its member holds the permission. */
  environments: z.array(z.string()).nullable(),
  /** From anywhere when empty. */
  cidrs: z.array(z.string()),
  /** It acts in their name, with no more than they may do at that moment. */
  owner: z.object({ id: z.string(), name: z.string() }),
  /** `asleep`: its owner is switched off. */
  status: z.enum(['active', 'expired', 'revoked', 'asleep']),
  createdAt: timeSchema,
  expiresAt: timeSchema,
  revokedAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
  lastUsedFrom: z.string().nullable(),
});
export type Token = z.output<typeof tokenSchema>;

export const tokensApi = {
  list: contract({
    method: 'GET',
    path: '/tokens',
    tag: 'tokens',
    summary: 'Your API tokens, newest first; those of every member where you manage members',
    access: 'person',
    query: z.strictObject({ ...pageQuery }),
    reply: page(tokenSchema),
  }),
  create: contract({
    method: 'POST',
    path: '/tokens',
    tag: 'tokens',
    summary: 'Make an API token, with no more than you may do yourself; it is shown once',
    access: 'person',
    stepUp: true,
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      permissions: z.array(tokenPermissionSchema).min(1).max(permissions.length),
      environments: z.array(z.string().min(1).max(40)).min(1).max(50).nullable().default(null),
      cidrs: z.array(cidrSchema).max(50).default([]),
      expiresInDays: z.int().min(1).max(365).default(90),
    }),
    reply: tokenSchema.extend({ token: z.string() }),
    status: 201,
    example: {
      body: {
        name: 'Deploys from CI',
        permissions: ['flows.read', 'flows.deploy'],
        environments: ['dev', 'staging'],
        cidrs: ['203.0.113.0/24'],
        expiresInDays: 90,
      },
    },
  }),
  revoke: contract({
    method: 'DELETE',
    path: '/tokens/:id',
    tag: 'tokens',
    summary: 'Revoke an API token, in force at once: one of yours, or of anybody where you manage members',
    access: 'person',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: tokenSchema,
  }),
};
