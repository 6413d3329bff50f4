import type { Budget } from './budget.js';
import { failure } from './problem.js';
import { isNumber } from './truth.js';
import { InputSequence } from './value.js';

/** JSONata's `$string` of anything that exists. */
export function asText(value: unknown, budget: Budget, indent = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isFinite(value)) throw failure('D3001');
  return writeText(value instanceof InputSequence ? value[0] : value, { budget, indent });
}

interface Writing {
  readonly budget: Budget;
  /** Spaces per level; 0 for one line. */
  readonly indent: number;
}

/** JSON text as JSONata writes it: numbers with fractions keep 15 digits. Our own, so that the budget can stop it. */
function writeText(value: unknown, writing: Writing, depth = 0): string {
  writing.budget.spend(1);
  if (typeof value === 'string') {
    writing.budget.text(value.length);
    return JSON.stringify(value);
  }
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return 'null';
  writing.budget.enter(depth);
  const gap = writing.indent === 0 ? '' : `\n${' '.repeat(writing.indent * (depth + 1))}`;
  const end = writing.indent === 0 ? '' : `\n${' '.repeat(writing.indent * depth)}`;
  const parts = Array.isArray(value)
    ? writeItems(value, writing, depth)
    : writeFields(Object.entries(value), writing, depth);
  writing.budget.text(parts.length * (gap.length + 4));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return parts.length === 0 ? open + close : `${open}${gap}${parts.join(`,${gap}`)}${end}${close}`;
}

function writeItems(items: readonly unknown[], writing: Writing, depth: number): string[] {
  return Array.from(items, (item) => writeText(item, writing, depth + 1));
}

function writeFields(fields: readonly [string, unknown][], writing: Writing, depth: number): string[] {
  const parts: string[] = [];
  const colon = writing.indent === 0 ? ':' : ': ';
  for (const [key, value] of fields) {
    if (value === undefined || typeof value === 'function') continue;
    writing.budget.text(key.length);
    parts.push(JSON.stringify(key) + colon + writeText(value, writing, depth + 1));
  }
  return parts;
}

function writeNumber(value: number): string {
  if (!isNumber(value)) return 'null';
  return String(Number.isInteger(value) ? (value === 0 ? 0 : value) : Number(value.toPrecision(15)));
}
