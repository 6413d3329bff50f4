import { createHash } from 'node:crypto';
import { type AccessReview, accessReviewDays, type EnvironmentRole, type Role } from '@sluice/shared/api';

const dayMs = 86_400_000;

/** What a member acts by: the same text for the same rights, in whatever order they were given. */
export interface Access {
  roles: readonly Role[];
  environmentRoles: Readonly<Record<string, readonly EnvironmentRole[]>>;
  /** Ids of tokens that could be used. */
  tokens: readonly string[];
}

/** Sixteen hexadecimal digits that name an access. */
export function nameAccess({ roles, environmentRoles, tokens }: Access): string {
  const inPlaces = Object.entries(environmentRoles)
    .filter(([, held]) => held.length > 0)
    .map(([name, held]) => [name, held.toSorted()] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([roles.toSorted(), inPlaces, tokens.toSorted()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Why somebody should look at an access; null: the last look still counts. */
export function dueOf(seen: string, last: { seen: string; at: Date } | null, now: number): AccessReview['due'] {
  if (last === null) return 'never';
  if (last.seen !== seen) return 'changed';
  return now - last.at.getTime() > accessReviewDays * dayMs ? 'late' : null;
}
