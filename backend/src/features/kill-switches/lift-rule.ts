import { Problem } from '../../platform/problem.js';

/** What the rule looks at; times in milliseconds since 1970. */
export interface Lift {
  member: string;
  takesTwo: boolean;
  /** Members besides this one that could confirm. */
  others: number;
  soloDelaySeconds: number;
  now: number;
}

/** Whether this call lets go, or only asks a second person to. Throws `killswitch.second_person`. */
export function liftOf(
  { liftAskedBy, liftAskedAt }: { liftAskedBy: string | null; liftAskedAt: Date | null },
  { member, takesTwo, others, soloDelaySeconds, now }: Lift,
): 'asks' | 'lifts' {
  if (!takesTwo) return 'lifts';
  if (liftAskedBy === null || liftAskedAt === null) return 'asks';
  if (liftAskedBy !== member) return 'lifts';
  if (others > 0) throw new Problem('killswitch.second_person');
  const from = liftAskedAt.getTime() + soloDelaySeconds * 1000;
  if (now >= from) return 'lifts';
  const message = `Nobody else here may lift it: you can confirm it yourself from ${new Date(from).toISOString()}.`;
  throw new Problem('killswitch.second_person', { message });
}
