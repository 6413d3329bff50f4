import type { Role } from '@sluice/shared/api';

/** `An approver, admin or owner decides this.` */
export function deciderWords(deciders: readonly Role[]): string {
  const last = deciders.at(-1);
  if (last === undefined) return 'Nobody can decide this.';
  const rest = deciders.slice(0, -1);
  const who = rest.length === 0 ? last : `${rest.join(', ')} or ${last}`;
  return `${/^[aeiou]/.test(who) ? 'An' : 'A'} ${who} decides this.`;
}
