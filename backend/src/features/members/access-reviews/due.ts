import { createHash } from 'node:crypto';
import {
  type AccessReview,
  accessReviewDays,
  accessReviewNoticeDays,
  type EnvironmentRole,
  type Role,
} from '@sluice/shared/api';

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

/** Whether people hear that an access is due or soon will be: of a new member once there was time to look. */
export function noticeOf(
  { seen, last, joinedAt }: { seen: string; last: { seen: string; at: Date } | null; joinedAt: Date },
  now: number,
): 'soon' | 'due' | null {
  const due = dueOf(seen, last, now);
  const noticeMs = accessReviewNoticeDays * dayMs;
  if (last === null) return now - joinedAt.getTime() > noticeMs ? 'due' : null;
  if (due !== null) return 'due';
  return now - last.at.getTime() > accessReviewDays * dayMs - noticeMs ? 'soon' : null;
}
