import { failure } from './problem.js';

/** A function as a value: only ever an argument of a built-in function, never part of a result. */
export interface FunctionValue {
  readonly arity: number;
  /** `args` as many as the function takes; a built-in one checks them. */
  readonly call: (args: readonly unknown[]) => unknown;
}

/** Marks what may be passed as a function, so that no data can pass for one. */
export class Callable implements FunctionValue {
  readonly arity: number;
  readonly call: (args: readonly unknown[]) => unknown;
  constructor({ arity, call }: FunctionValue) {
    this.arity = arity;
    this.call = call;
  }
}

/** A regular expression as an argument. */
export interface Match {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}
export class Matcher {
  /** The matches in order, found one at a time. */
  readonly matches: (subject: string) => Iterable<Match>;
  constructor(matches: (subject: string) => Iterable<Match>) {
    this.matches = matches;
  }
}

export type CheckArguments = (args: readonly unknown[], context: unknown) => readonly unknown[];

interface Parameter {
  /** Letters of the types it takes; `m`, missing, is always among them but for functions. */
  readonly types: string;
  readonly isArray: boolean;
  readonly itemType: string | null;
  readonly isOptional: boolean;
  readonly takesContext: boolean;
  readonly repeats: boolean;
}

const letters: Readonly<Record<string, string>> = {
  a: 'asnblfom',
  x: 'asnblfom',
  j: 'asnblom',
  f: 'f',
  s: 'sm',
  n: 'nm',
  b: 'bm',
  l: 'lm',
  o: 'om',
};

/** Reads type letters such as `s-nn?` or `a<n>`: `-` context, `?` optional, `+` repeated. */
function readSignature(signature: string): Parameter[] {
  const found = signature.matchAll(/(\([a-z]+\)|[a-z])(?:<([a-z]*)>)?([-?+]?)/g);
  return Array.from(found, ([, type = '', itemType, mark]) => ({
    types: type.startsWith('(') ? `${type.slice(1, -1)}m` : (letters[type] ?? ''),
    isArray: type === 'a',
    itemType: itemType ?? null,
    isOptional: mark === '?' || mark === '-',
    takesContext: mark === '-',
    repeats: mark === '+',
  }));
}

function letterOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'object':
      if (value === null) return 'l';
      if (Array.isArray(value)) return 'a';
      return value instanceof Callable || value instanceof Matcher ? 'f' : 'o';
    default:
      return 'm';
  }
}

/** The check of a built-in function's arguments: fills in the context, wraps single values, throws T0410 to T0412. */
export function argumentCheck(signature: string): CheckArguments {
  const parameters = readSignature(signature);
  const pattern = new RegExp(
    `^${parameters.map(({ types, isOptional, repeats }) => `([${types}]${isOptional ? '?' : repeats ? '+' : ''})`).join('')}$`,
  );
  const isPlain = parameters.every(({ isArray, repeats }) => !isArray && !repeats);
  return (args, context) => {
    // The common case without the pattern: each argument fits its own parameter and none is left to the context.
    if (
      isPlain &&
      args.length <= parameters.length &&
      parameters.every((parameter, index) => fits(parameter, args, index))
    )
      return args;
    const supplied = args.map(letterOf).join('');
    const groups = pattern.exec(supplied);
    if (groups === null) throw failure('T0410');
    const checked: unknown[] = [];
    let next = 0;
    for (const [index, parameter] of parameters.entries()) {
      const taken = groups[index + 1] ?? '';
      if (taken === '') {
        if (!parameter.takesContext) {
          checked.push(args[next]);
          next += 1;
          continue;
        }
        if (!parameter.types.includes(letterOf(context))) throw failure('T0411');
        checked.push(context);
      }
      for (const letter of taken) {
        checked.push(
          parameter.isArray ? asArray({ value: args[next], letter, taken, itemType: parameter.itemType }) : args[next],
        );
        next += 1;
      }
    }
    return checked;
  };
}

function fits({ types, isOptional, takesContext }: Parameter, args: readonly unknown[], index: number): boolean {
  return index < args.length ? types.includes(letterOf(args[index])) : isOptional && !takesContext;
}

function asArray({
  value,
  letter,
  taken,
  itemType,
}: {
  value: unknown;
  letter: string;
  taken: string;
  itemType: string | null;
}): unknown {
  if (letter === 'm') return undefined;
  if (!Array.isArray(value)) {
    if (itemType !== null && taken !== itemType) throw failure('T0412');
    return [value];
  }
  const [first] = value;
  if (itemType !== null && value.length > 0) {
    const type = letterOf(first);
    if (type !== itemType.charAt(0) || value.some((item) => letterOf(item) !== type)) throw failure('T0412');
  }
  return value;
}
