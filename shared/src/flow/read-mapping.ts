import type { Json } from '../lib/json.js';
import { compileExpression } from './expression/compile.js';
import { ExpressionError } from './expression/problem.js';
import { compileTemplate } from './expression/template.js';
import { isExpression, isFields, isTemplate } from './step-mappings.js';

type Paths = readonly (readonly string[])[];

/** What one expression or template reads: names from the root, a `*` stands for any. */
export interface Reading {
  readonly paths: Paths;
  /** It is one plain path: its value is what lies there, unchanged. */
  readonly isPlain: boolean;
}

/**
 * The paths that a mapping's expressions and templates read, names from the root (a `*` stands for any);
 * null when one of them can't be read itself, which `checkMapping` explains.
 */
export function readMapping(value: Json): Paths | null {
  if (isExpression(value) || (typeof value === 'string' && isTemplate(value))) return readPart(value)?.paths ?? null;
  if (!Array.isArray(value) && !isFields(value)) return [];
  const all: Paths[] = [];
  for (const part of Object.values(value)) {
    const paths = readMapping(part);
    if (paths === null) return null;
    all.push(paths);
  }
  return all.flat();
}

// A draft is read again at every change, and nearly all of it is the same: to check 300 steps takes 15 instead of 180 ms.
const known = new Map<string, Reading | null>();
const limits = { entries: 5000, characters: 500 };

/** What an expression, or text as a template, reads; null when it can't be read itself. */
export function readPart(part: { $: string } | string): Reading | null {
  const key = typeof part === 'string' ? `"${part}` : `$${part.$}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const reading = compiledReading(part);
  if (known.size >= limits.entries) known.clear();
  if (key.length <= limits.characters) known.set(key, reading);
  return reading;
}

function compiledReading(part: { $: string } | string): Reading | null {
  try {
    const { paths, isPlain } = typeof part === 'string' ? compileTemplate(part) : compileExpression(part.$);
    return { paths, isPlain };
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}
