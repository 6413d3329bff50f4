import type { Evaluate, Frame } from './frame.js';
import { needsClock } from './functions/date-parse.js';
import { builtins } from './functions/builtins.js';
import { implementations } from './functions/table.js';
import { compileRegex } from './pattern/matcher.js';
import { ExpressionError, failure } from './problem.js';
import { argumentCheck, Callable, type CheckArguments, Matcher } from './signature.js';
import type { Argument, FunctionArgument, Kind, Node } from './tree.js';
import { emptyObject } from './value.js';

type Compile = (node: Node) => Evaluate;

const checks: ReadonlyMap<string, CheckArguments> = new Map(
  Object.entries(builtins).map(([name, { signature }]) => [name, argumentCheck(signature)]),
);

interface Function {
  readonly name: string;
  readonly check: CheckArguments;
  readonly run: (args: readonly unknown[], frame: Frame) => unknown;
}

function functionNamed(name: string, position: number): Function {
  const check = checks.get(name);
  const implementation = implementations[name];
  if (check === undefined || implementation === undefined) throw failure('T1006', position);
  return { name, check, run: (args, frame) => implementation(args, frame.budget) };
}

/** A call of a built-in function, its arguments first. */
export function callOf(node: Extract<Kind, { kind: 'call' }>, position: number, compile: Compile): Evaluate {
  const { name, check, run } = functionNamed(node.name, position);
  const args = node.args.map((argument) => compileArgument(argument, compile));
  const { losesContext } = node;
  assertNoClock(node, position);
  return (input, frame) => {
    frame.budget.spend(1);
    const values = args.map((argument) => argument(input, frame));
    assertFunction(name, position, frame);
    try {
      return run(check(values, losesContext ? null : input), frame);
    } catch (error) {
      throw located(error, position);
    }
  };
}

/** A time of day alone would be one of today: refused where the picture is written out. */
function assertNoClock({ name, args }: Extract<Kind, { kind: 'call' }>, position: number): void {
  const picture = name === 'toMillis' ? args.at(-1) : undefined;
  if (picture?.kind !== 'literal' || typeof picture.value !== 'string' || !needsClock(picture.value)) return;
  const message = 'The picture gives no year, and an expression has no clock to take it from.';
  throw new ExpressionError({ code: 'expression.no_clock', message, position });
}

/** A variable given from outside can hide a function, and then there is nothing to call. */
function assertFunction(name: string, position: number, { run: { bindings } }: Frame): void {
  if (bindings !== undefined && Object.hasOwn(bindings, name)) throw failure('T1006', position);
}

function located(error: unknown, position: number): unknown {
  if (!(error instanceof ExpressionError) || error.position !== undefined) return error;
  return new ExpressionError({ code: error.code, message: error.message, position });
}

function compileArgument(argument: Argument, compile: Compile): Evaluate {
  switch (argument.kind) {
    case 'lambda':
    case 'builtin':
      return compileFunction(argument, compile);
    case 'regex': {
      const findAll = compileRegex(argument);
      return (_input, frame) => new Matcher((subject) => findAll(subject, frame.budget));
    }
    default:
      return compile(argument);
  }
}

function compileFunction(argument: FunctionArgument, compile: Compile): Evaluate {
  if (argument.kind === 'builtin') {
    const { check, run } = functionNamed(argument.name, argument.position);
    const arity = builtins[argument.name]?.arity ?? 1;
    return (_input, frame) => new Callable({ arity, call: (args) => run(check(args, null), frame) });
  }
  const { parameters } = argument;
  const body = compile(argument.body);
  return (input, frame) =>
    new Callable({
      arity: parameters.length,
      call: (args) => {
        frame.budget.spend(1);
        const names = emptyObject();
        for (const [index, parameter] of parameters.entries()) names[parameter] = args[index];
        return body(input, frame.inner(names));
      },
    });
}

/** `subject ~> /regex/` as a test. JSONata gives the match, of which only its being there can be seen here. */
export function testOf(node: Extract<Kind, { kind: 'test' }>, compile: Compile): Evaluate {
  const subject = compile(node.subject);
  const findAll = compileRegex(node.regex);
  return (input, frame) => {
    const value = subject(input, frame);
    if (typeof value === 'object' && value !== null) {
      const message = 'A regular expression can be applied only to text.';
      throw new ExpressionError({ code: 'expression.regex_subject', message, position: node.regex.position });
    }
    for (const _ of findAll(String(value), frame.budget)) return true;
    return undefined;
  };
}
