import type { Budget } from './budget.js';

/** JSONata's `=`: arrays by place, objects by their fields in any order. */
export function isEqual(left: unknown, right: unknown, budget: Budget): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  budget.spend(1);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, place) => isEqual(item, right[place], budget));
  }
  if (Array.isArray(left) || Array.isArray(right)) return false;
  const fields = new Map(Object.entries(right));
  const mine = Object.entries(left);
  return (
    mine.length === fields.size &&
    mine.every(([key, value]) => fields.has(key) && isEqual(value, fields.get(key), budget))
  );
}
