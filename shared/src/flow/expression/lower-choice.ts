import type { Place, Task } from './lower.js';
import { child, holdsRegex, type Raw, refuse } from './raw.js';
import type { Kind } from './tree.js';

/** Whether the value of a node may be that of the last call of a lambda, as it is. */
export function hasRawTail(core: Kind): boolean {
  if (core.kind === 'block') return core.items.at(-1)?.isRaw ?? false;
  if (core.kind === 'condition') return core.then.isRaw || (core.otherwise?.isRaw ?? false);
  if (core.kind === 'default') return core.left.isRaw || core.otherwise.isRaw;
  return false;
}

/** `a ? b : c`, and what the parser makes of `a ?? b` and `a ?: b`. */
export function lowerCondition({ lowering, raw, place, inside }: Task, operand: Place): Kind {
  const test = child(raw, 'condition');
  const then = child(raw, 'then');
  const branch: Place = { ...inside, losesContext: place.losesContext, isTest: place.isTest };
  const otherwise = raw.else === undefined ? null : lowering.lower(child(raw, 'else'), branch);
  const left = lowering.lower(then, branch);
  const by = otherwise === null || left.isRaw ? null : defaultKind(test, then);
  if (by !== null && otherwise !== null) {
    // JSONata tests a copy of the left side in which a regular expression no longer works.
    if (holdsRegex(then))
      return refuse('regex_place', 'Bind what the regular expression gives to a variable before ?: or ??.', raw);
    return { kind: 'default', by, left, otherwise };
  }
  return { kind: 'condition', test: lowering.lower(test, { ...operand, isTest: true }), then: left, otherwise };
}

function defaultKind(test: Raw, then: Raw): 'existence' | 'truth' | null {
  // The parser writes `a ?? b` as a call of $exists that no one typed: it has no position.
  if (test.type === 'function' && test.position === undefined) return 'existence';
  // ... and `a ?: b` with a copy of `a` as the test; a copy typed by a person would have another position.
  return JSON.stringify(test) === JSON.stringify(then) ? 'truth' : null;
}
