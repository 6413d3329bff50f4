import { z } from 'zod';

/** What a member may be in a workspace; what each may do is in the permissions of the API. */
export const roles = ['viewer', 'builder', 'operator', 'approver', 'auditor', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];
export const roleSchema = z.enum(roles);
