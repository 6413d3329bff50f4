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
  'connectors.manage',
  'grants.read',
  'grants.decide',
  'runs.read',
  'runs.operate',
  'runs.decide',
  'runs.reveal',
  'inbox.read',
  'inbox.replay',
  'audit.read',
  'members.read',
  'members.manage',
  'environments.manage',
  'policies.manage',
  'killswitches.manage',
  'workspaces.create',
  'keys.manage',
  'data.erase',
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
  'runs.reveal',
  'runs.decide',
  'inbox.replay',
  'flows.run',
  'killswitches.manage',
];
const administer: readonly Permission[] = [
  'connections.manage',
  'connectors.manage',
  'members.manage',
  'environments.manage',
  'policies.manage',
  'keys.manage',
  'data.erase',
  'audit.read',
];

/** What each role may do; whatever is not listed is refused. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: read,
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

/** Roles that may be held in one environment alone; an owner is one of the workspace as a whole. */
export const environmentRoles = [
  'viewer',
  'builder',
  'operator',
  'approver',
  'auditor',
  'admin',
] as const satisfies readonly Role[];
export type EnvironmentRole = (typeof environmentRoles)[number];

/** Permissions that no role in one environment carries: what they open belongs to no environment, or to all of them. */
const wholeWorkspace: ReadonlySet<Permission> = new Set([
  'connectors.manage',
  'members.manage',
  'environments.manage',
  'keys.manage',
  'data.erase',
  'workspaces.create',
]);

/** Whether a permission is about the workspace as a whole, so that no role in one environment carries it. */
export function isWholeWorkspace(permission: Permission): boolean {
  return wholeWorkspace.has(permission);
}

/** What somebody holds: roles in the whole workspace, and by its name more of them in one environment. */
export interface Holding {
  roles: readonly Role[];
  environmentRoles?: Readonly<Record<string, readonly Role[]>> | undefined;
  /** An API token holds no more than this of what its member holds; null: in each environment. */
  token?: { permissions: readonly Permission[]; environments: readonly string[] | null } | undefined;
}

/** Whether the permission is held in this environment. */
export function allowsIn(held: Holding, permission: Permission, environment: string): boolean {
  const { roles, environmentRoles: more = {}, token } = held;
  if (token !== undefined && !token.permissions.includes(permission)) return false;
  if (token?.environments != null && !token.environments.includes(environment)) return false;
  const here = Object.hasOwn(more, environment) ? (more[environment] ?? []) : [];
  return allows(roles, permission) || (!wholeWorkspace.has(permission) && allows(here, permission));
}

/** Whether the permission is held in the whole workspace. */
export function allowsEverywhere(held: Holding, permission: Permission): boolean {
  const { roles, token } = held;
  if (token !== undefined && (token.environments !== null || !token.permissions.includes(permission))) return false;
  return allows(roles, permission);
}

/** The environments in which the permission is held; null for the whole workspace. */
export function environmentsWith(held: Holding, permission: Permission): readonly string[] | null {
  if (allowsEverywhere(held, permission)) return null;
  if (wholeWorkspace.has(permission)) return [];
  const named = held.token?.environments ?? Object.keys(held.environmentRoles ?? {});
  return named.filter((environment) => allowsIn(held, permission, environment));
}

/** Whether the permission is held anywhere: in the whole workspace, or, where that can be, in some environment. */
export function allowsSomewhere(held: Holding, permission: Permission): boolean {
  return environmentsWith(held, permission)?.length !== 0;
}

/** The environments whose rows somebody sees; null for all of them. */
export function environmentsOf({ roles, environmentRoles: more = {}, token }: Holding): readonly string[] | null {
  const here = roles.length > 0 ? null : Object.keys(more).filter((name) => (more[name] ?? []).length > 0);
  const given = token?.environments ?? null;
  if (here === null || given === null) return here ?? given;
  return here.filter((name) => given.includes(name));
}
