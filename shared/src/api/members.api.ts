import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';
import { roleSchema } from './permissions.js';

const id = z.object({ id: z.string().max(80) });
export const memberSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(roleSchema),
  status: z.enum(['invited', 'active', 'disabled']),
  secondFactor: z.boolean(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema.nullable(),
});
export type Member = z.output<typeof memberSchema>;
const rolesGiven = z.array(roleSchema).min(1).max(6);

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
      roles: rolesGiven,
    }),
    reply: memberSchema.extend({ setupUrl: z.string() }),
    status: 201,
    example: { body: { email: 'mira@example.com', name: 'Mira', roles: ['approver'] } },
  }),
  update: contract({
    method: 'PATCH',
    path: '/members/:id',
    tag: 'members',
    summary: 'Change roles, or switch a member off',
    access: 'members.manage',
    stepUp: true,
    params: id,
    body: z.strictObject({
      name: z.string().trim().min(1).max(120).optional(),
      roles: rolesGiven.optional(),
      disabled: z.boolean().optional(),
    }),
    reply: memberSchema,
    example: { body: { roles: ['builder', 'operator'] } },
  }),
};
