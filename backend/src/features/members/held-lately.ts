import { isDeepStrictEqual } from 'node:util';
import { allowsIn, allowsEverywhere, type EnvironmentRole, type Permission, type Role } from '@sluice/shared/api';

/** Longer than any wait of somebody who is alone (`SLUICE_SOLO_APPROVAL_DELAY_SECONDS`, a day at most). */
const countsMs = 7 * 86_400_000;

interface Roles {
  roles: Role[];
  environmentRoles: Record<string, EnvironmentRole[]>;
}

/** What somebody held until a change took some of it; a time of ISO 8601. */
export type HeldUntil = Roles & { until: string };

/** A member who signed in with a second factor once. */
export type Counted = Roles & { id: string; disabledAt: Date | null; heldLately: readonly HeldUntil[] };

/** What is kept of a member's rights when they change: what he had now, and what he had before that counts still. */
export function keepHeld(before: Counted, now: number): HeldUntil[] {
  const fresh = before.heldLately.filter(({ until }) => now < endOf(until));
  if (before.disabledAt !== null) return fresh;
  const held = { roles: before.roles, environmentRoles: before.environmentRoles };
  const others = fresh.filter(({ until: _, ...each }) => !isDeepStrictEqual(each, held));
  return [...others, { ...held, until: new Date(now).toISOString() }];
}

/**
 * Until when somebody counts among those who may do something, in an environment or, where that is null, in all of them;
 * in milliseconds since 1970, without end for who may do it today, null for who does not count. So nobody is the only
 * one left because he took the right from the others.
 */
export function countsUntil(
  { disabledAt, heldLately, ...today }: Counted,
  { permission, environment, now }: { permission: Permission; environment: string | null; now: number },
): number | null {
  const may = (held: Roles) =>
    environment === null ? allowsEverywhere(held, permission) : allowsIn(held, permission, environment);
  if (disabledAt === null && may(today)) return Number.POSITIVE_INFINITY;
  const ends = heldLately.filter(may).map(({ until }) => endOf(until));
  const end = Math.max(...ends);
  return ends.length > 0 && now < end ? end : null;
}

function endOf(until: string): number {
  return Date.parse(until) + countsMs;
}
