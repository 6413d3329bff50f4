import { failure } from './problem.js';

/** A usable number. Infinity is an error wherever a number is looked at, as in JSONata. */
export function isNumber(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw failure('D1001');
  return true;
}

export function isArrayOfNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.filter((item) => !isNumber(item)).length === 0;
}

/** JSONata's `$boolean`: undefined stays undefined. */
export function truth(value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? anyTrue(value, new Map()) : truthOfItem(value);
}

/** Arrays may share their parts many times over, so each is looked at once. */
function anyTrue(items: readonly unknown[], known: Map<readonly unknown[], boolean>): boolean {
  const before = known.get(items);
  if (before !== undefined) return before;
  // All of them, since an infinite number among them is an error.
  const trues = items.filter((item) => (Array.isArray(item) ? anyTrue(item, known) : truthOfItem(item)));
  known.set(items, trues.length > 0);
  return trues.length > 0;
}

function truthOfItem(value: unknown): boolean {
  if (typeof value === 'string') return value.length > 0;
  if (isNumber(value)) return value !== 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value === true;
}
