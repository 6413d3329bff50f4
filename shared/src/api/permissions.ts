import { type Role, roles } from '../lib/roles.js';

export { type Role, roleSchema, roles } from '../lib/roles.js';

/** Roles without a session unless a second factor is enrolled and was given. */
export const privilegedRoles: readonly Role[] = ['approver', 'admin', 'owner'];

export const permissions = [
  'flows.read',
  'flows.edit',
  'flows.publish',
  'flows.deploy',
  'flows.run',
  'connections.read',
  'connections.manage',
  'grants.read',
  'grants.decide',
  'runs.read',
  'runs.operate',
  'runs.decide',
  'inbox.read',
  'inbox.replay',
  'audit.read',
  'members.read',
  'members.manage',
  'environments.manage',
  'killswitches.manage',
  'keys.manage',
] as const;
export type Permission = (typeof permissions)[number];

const read: readonly Permission[] = [
  'flows.read',
  'connections.read',
  'grants.read',
  'runs.read',
  'inbox.read',
  'members.read',
];
const build: readonly Permission[] = ['flows.edit', 'flows.publish', 'flows.deploy', 'flows.run', 'runs.decide'];
const operate: readonly Permission[] = [
  'runs.operate',
  'runs.decide',
  'inbox.replay',
  'flows.run',
  'killswitches.manage',
];
const administer: readonly Permission[] = [
  'connections.manage',
  'members.manage',
  'environments.manage',
  'keys.manage',
  'audit.read',
];

/** What each role may do; whatever is not listed is refused. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  builder: [...read, ...build],
  operator: [...read, ...operate],
  approver: [...read, 'grants.decide', 'runs.decide', 'audit.read'],
  auditor: [...read, 'audit.read'],
  admin: [...read, ...build, ...operate, ...administer, 'grants.decide'],
  owner: permissions,
};

/** Roles that carry a permission. */
export function rolesWith(permission: Permission): Role[] {
  return roles.filter((role) => rolePermissions[role].includes(permission));
}

/** Whether any of the roles carries the permission. */
export function allows(held: readonly Role[], permission: Permission): boolean {
  return held.some((role) => rolePermissions[role].includes(permission));
}
