import type { Found } from '../database/look-back.js';
import { Problem } from '../problem.js';

/** The cursor of a list that is ordered by time, newest first, and by id where times are equal. */
export function timeCursor(at: Date, id: string): string {
  return `${at.toISOString()}_${id}`;
}

export function readTimeCursor(cursor: string | undefined): { at: Date; id: string } | null {
  if (cursor === undefined) return null;
  const [, time, id] = /^(\d{4}-[\dT:.-]+Z)_([a-z]{3}_\w+)$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined || Number.isNaN(Date.parse(time))) {
    throw new Problem('request.invalid', {
      issues: [{ path: 'query.cursor', message: 'Not a cursor of this list; take it from `next`.' }],
    });
  }
  return { at: new Date(time), id };
}

/** What a reply says of the rows that are not on its page. */
export function tellRest({ next, searchedTo }: Omit<Found<never>, 'rows'>): {
  next: string | null;
  searchedTo: string | null;
} {
  return {
    next: next === null ? null : timeCursor(next.at, next.id),
    searchedTo: searchedTo === null ? null : searchedTo.toISOString(),
  };
}
