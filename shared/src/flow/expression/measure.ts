import type { Budget } from './budget.js';
import { isObject } from './value.js';

/**
 * Counts what a result holds as if it were written out. Parts that are shared count each time: thirty lines that each
 * hold the one before twice take no room here, but a billion times as much in the JSON that is made of them.
 */
export function measure(value: unknown, budget: Budget, depth = 0): void {
  if (typeof value === 'string') budget.charge(value.length);
  if (typeof value !== 'object' || value === null) return;
  budget.spend(1);
  budget.enter(depth);
  const items: readonly unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  budget.charge(8 * items.length);
  for (const item of items) measure(item, budget, depth + 1);
}
