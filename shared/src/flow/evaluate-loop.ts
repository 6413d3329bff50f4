import type { CompiledStep, Scope } from './compile-step.js';
import { limits } from './document.js';
import { attempt, ofKind } from './evaluate-step.js';
import { StepFailure } from './step-failure.js';

/* What containers evaluate. Pure. Throw StepFailure when an expression fails or gives what a loop can't use. */

/** What a forEach runs over: nothing is an empty list, and a value that is no list is the only item. */
export function evaluateItems(step: CompiledStep, scope: Scope): readonly unknown[] {
  const { items } = ofKind(step, 'forEach');
  const value = attempt(() => items(scope));
  const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  if (list.length > limits.items) {
    throw new StepFailure(
      'loop.too_many_items',
      `The list has ${list.length} items, and a loop takes ${limits.items} at most. Split the list, or read less of it.`,
    );
  }
  return list;
}

/** Whether a repeat is over, asked at the end of a pass. */
export function evaluateUntil(step: CompiledStep, scope: Scope): boolean {
  const { until } = ofKind(step, 'repeat');
  return attempt(() => until(scope)) === true;
}

/** What a pass gives. `ends`: the steps that nothing follows, whose outputs count where nothing else is said. */
export function evaluateCollect(step: CompiledStep, scope: Scope, ends: readonly string[]): unknown {
  const collect = 'collect' in step ? step.collect : null;
  if (collect !== null) return attempt(() => collect(scope)) ?? null;
  const [end, ...others] = ends;
  if (end === undefined) return null;
  if (others.length === 0) return scope.steps[end] ?? null;
  return Object.fromEntries(ends.flatMap((id) => (scope.steps[id] === undefined ? [] : [[id, scope.steps[id]]])));
}
