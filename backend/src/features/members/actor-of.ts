import type { Actor } from '../../platform/actor.js';
import type { MemberBehind } from './members.repository.js';

/** Who a member is to every service. */
export function actorOf({ id, workspace, name, roles, environmentRoles }: MemberBehind, requestId: string): Actor {
  return { workspace, member: id, name, roles, environmentRoles, requestId };
}
