import type { MissedChoice } from '@sluice/shared/connector';

export interface MissedPolicy {
  missed: MissedChoice;
  /** Of `all`: the newest so many. */
  mostMissed: number;
}

export interface Plan {
  fire: number[];
  /** Slots that start no run. */
  passed: number[];
}

/** Of more slots than this that were missed nobody keeps count. */
export const mostKnown = 100;
/** A slot that is no older is not missed, only late. */
const lateMs = 60_000;
/** The last missed slot is made up for if it is no older. */
const oldestMs = 86_400_000;

/** What to do about slots that are due, oldest first; in milliseconds since 1970. */
export function planSlots({ missed, mostMissed }: MissedPolicy, due: readonly number[], now: number): Plan {
  const from = missed === 'all' ? Math.max(0, due.length - mostMissed) : Math.max(0, due.length - 1);
  const oldest = { all: -Infinity, once: now - oldestMs, skip: now - lateMs }[missed];
  const isFired = (slot: number, at: number) => at >= from && slot > oldest;
  return { fire: due.filter(isFired), passed: due.filter((slot, at) => !isFired(slot, at)) };
}
