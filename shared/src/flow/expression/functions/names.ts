import { builtins } from './builtins.js';

const noClock =
  'An expression has no clock, so that it gives the same result when a run is repeated. Use a time from the trigger or the run.';
const noChance = 'An expression has no randomness, so that it gives the same result when a run is repeated.';

/** Built-in functions of JSONata that exist but cannot be called here, with the reason. */
export const refusedBuiltins: Readonly<Record<string, string>> = {
  eval: '$eval is not supported: text is never turned into an expression.',
  now: noClock,
  millis: noClock,
  random: noChance,
  shuffle: noChance,
};

const higherOrder: ReadonlySet<string> = new Set(['map', 'filter', 'single', 'reduce', 'sift', 'each', 'sort']);
const regexTaking: ReadonlySet<string> = new Set(['match', 'contains', 'replace', 'split']);

export function isBuiltin(name: string): boolean {
  return Object.hasOwn(builtins, name) || Object.hasOwn(refusedBuiltins, name);
}

export function isHigherOrder(name: string): boolean {
  return higherOrder.has(name);
}

export function takesRegex(name: string): boolean {
  return regexTaking.has(name);
}
