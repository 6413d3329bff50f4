import { allowsEverywhere, allowsIn, type Holding, type Permission, type Role } from '@sluice/shared/api';
import { Problem } from './problem.js';

/** Who asks, as every service takes it: the workspace comes from the session, never from the request. */
export interface Actor extends Holding {
  workspace: string;
  member: string;
  name: string;
  /** The API token that asks in the member's name. */
  token?: (NonNullable<Holding['token']> & { id: string }) | undefined;
  requestId: string;
}

/** For what happens in one environment: a route opens to whoever holds its permission in any. Throws `access.denied`. */
export function assertMay(actor: Actor, permission: Permission, environment: string): void {
  if (allowsIn(actor, permission, environment)) return;
  throw new Problem('access.denied', {
    message: `You may not do this in ${environment}; it needs ${permission} there.`,
  });
}

/** For what happens in every environment. Throws `access.denied`. */
export function assertMayEverywhere(actor: Actor, permission: Permission): void {
  if (allowsEverywhere(actor, permission)) return;
  throw new Problem('access.denied', {
    message: `This is felt in every environment; it needs ${permission} in all of them.`,
  });
}

/** The roles that somebody has in an environment. */
export function rolesIn({ roles, environmentRoles = {} }: Actor, environment: string): readonly Role[] {
  return [...roles, ...(Object.hasOwn(environmentRoles, environment) ? (environmentRoles[environment] ?? []) : [])];
}
