import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { environmentRoles, roleSchema } from './permissions.js';

const id = z.strictObject({ id: z.string().max(80) });
export const memberSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(roleSchema),
  /** By the name of an environment: roles that count there and nowhere else. */
  environmentRoles: z.record(z.string(), z.array(z.enum(environmentRoles))),
  status: z.enum(['invited', 'active', 'disabled']),
  secondFactor: z.boolean(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema.nullable(),
});
export type Member = z.output<typeof memberSchema>;
const rolesGiven = z.array(roleSchema).max(7);
const environmentRolesGiven = z.record(
  z.string().min(1).max(40),
  z.array(z.enum(environmentRoles)).max(environmentRoles.length),
);

export const membersApi = {
  list: contract({
    method: 'GET',
    path: '/members',
    tag: 'members',
    summary: 'Members of the workspace',
    access: 'members.read',
    query: z.strictObject({ ...pageQuery }),
    reply: page(memberSchema),
  }),
  invite: contract({
    method: 'POST',
    path: '/members',
    tag: 'members',
    summary:
      'Invite a member; the link is shown once. Asks for a fresh second factor where a role is approver, admin or owner',
    access: 'members.manage',
    body: z.strictObject({
      email: z.string().trim().toLowerCase().pipe(z.email()),
      name: z.string().trim().min(1).max(120),
      roles: rolesGiven.default([]),
      environmentRoles: environmentRolesGiven.default({}),
    }),
    reply: memberSchema.extend({ setupUrl: z.string() }),
    status: 201,
    example: {
      body: { email: 'mira@example.com', name: 'Mira', roles: ['viewer'], environmentRoles: { dev: ['operator'] } },
    },
  }),
  update: contract({
    method: 'PATCH',
    path: '/members/:id',
    tag: 'members',
    summary: 'Change roles, here or in one environment, or switch a member off',
    access: 'members.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({
      name: z.string().trim().min(1).max(120).optional(),
      roles: rolesGiven.optional(),
      environmentRoles: environmentRolesGiven.optional(),
      disabled: z.boolean().optional(),
    }),
    reply: memberSchema,
    example: { body: { roles: ['builder', 'operator'] } },
  }),
};
