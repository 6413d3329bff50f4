/**
 * A built-in function. `signature`: the types of its parameters in JSONata's letters, `-` where the current value
 * stands in, `?` optional. `arity`: how many arguments it gets when it is itself given to a function.
 */
export interface Builtin {
  readonly signature: string;
  readonly arity: number;
}

/** All built-in functions that can be called, as JSONata declares them. */
export const builtins: Readonly<Record<string, Builtin>> = {
  sum: { signature: 'a<n>', arity: 1 },
  count: { signature: 'a', arity: 1 },
  max: { signature: 'a<n>', arity: 1 },
  min: { signature: 'a<n>', arity: 1 },
  average: { signature: 'a<n>', arity: 1 },
  string: { signature: 'x-b?', arity: 1 },
  substring: { signature: 's-nn?', arity: 3 },
  substringBefore: { signature: 's-s', arity: 2 },
  substringAfter: { signature: 's-s', arity: 2 },
  lowercase: { signature: 's-', arity: 1 },
  uppercase: { signature: 's-', arity: 1 },
  length: { signature: 's-', arity: 1 },
  trim: { signature: 's-', arity: 1 },
  pad: { signature: 's-ns?', arity: 3 },
  match: { signature: 's-fn?', arity: 3 },
  contains: { signature: 's-(sf)', arity: 2 },
  replace: { signature: 's-(sf)(sf)n?', arity: 4 },
  split: { signature: 's-(sf)n?', arity: 3 },
  join: { signature: 'a<s>s?', arity: 2 },
  formatNumber: { signature: 'n-so?', arity: 3 },
  formatBase: { signature: 'n-n?', arity: 2 },
  formatInteger: { signature: 'n-s', arity: 2 },
  parseInteger: { signature: 's-s', arity: 2 },
  number: { signature: '(nsb)-', arity: 1 },
  floor: { signature: 'n-', arity: 1 },
  ceil: { signature: 'n-', arity: 1 },
  round: { signature: 'n-n?', arity: 2 },
  abs: { signature: 'n-', arity: 1 },
  sqrt: { signature: 'n-', arity: 1 },
  power: { signature: 'n-n', arity: 2 },
  boolean: { signature: 'x-', arity: 1 },
  not: { signature: 'x-', arity: 1 },
  map: { signature: 'af', arity: 2 },
  zip: { signature: 'a+', arity: 0 },
  filter: { signature: 'af', arity: 2 },
  single: { signature: 'af?', arity: 2 },
  reduce: { signature: 'afj?', arity: 3 },
  sift: { signature: 'o-f?', arity: 2 },
  keys: { signature: 'x-', arity: 1 },
  lookup: { signature: 'x-s', arity: 2 },
  append: { signature: 'xx', arity: 2 },
  exists: { signature: 'x', arity: 1 },
  spread: { signature: 'x-', arity: 1 },
  merge: { signature: 'a<o>', arity: 1 },
  reverse: { signature: 'a', arity: 1 },
  each: { signature: 'o-f', arity: 2 },
  error: { signature: 's?', arity: 1 },
  assert: { signature: 'bs?', arity: 2 },
  type: { signature: 'x', arity: 1 },
  sort: { signature: 'af?', arity: 2 },
  distinct: { signature: 'x', arity: 1 },
  base64encode: { signature: 's-', arity: 1 },
  base64decode: { signature: 's-', arity: 1 },
  encodeUrlComponent: { signature: 's-', arity: 1 },
  encodeUrl: { signature: 's-', arity: 1 },
  decodeUrlComponent: { signature: 's-', arity: 1 },
  decodeUrl: { signature: 's-', arity: 1 },
  toMillis: { signature: 's-s?', arity: 2 },
  fromMillis: { signature: 'n-s?s?', arity: 3 },
  clone: { signature: '(oa)-', arity: 1 },
};

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
