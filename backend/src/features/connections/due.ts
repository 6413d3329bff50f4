import type { AuthKind } from '@sluice/shared/connector';

const dayMs = 86_400_000;

export const defaultRotateDays = 90;

/** When a secret that was set then has to be replaced. Null: never. */
export function dueAfter(setAt: Date, kind: AuthKind, rotateDays: number | null): Date | null {
  return rotateDays === null || kind === 'none' ? null : new Date(setAt.getTime() + rotateDays * dayMs);
}
