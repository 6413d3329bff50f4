import { isBuiltin, isHigherOrder, refusedBuiltins, takesRegex } from './functions/names.js';
import type { Lowering, Place } from './lower.js';
import { failure } from './problem.js';
import { child, children, isRaw, positionOf, type Raw, refuse, text } from './raw.js';
import type { Argument, Kind, Node, RegexArgument } from './tree.js';

interface Call {
  readonly lowering: Lowering;
  readonly raw: Raw;
  readonly place: Place;
  readonly operand: Place;
}

export function lowerCall(call: Call): Kind {
  const { raw, place } = call;
  const name = builtinName(call, child(raw, 'procedure'));
  return {
    kind: 'call',
    name,
    args: lowerArguments(call, { name, piped: null }),
    losesContext: place.isTail && place.losesContext,
  };
}

/** `left ~> right`: a call with one more argument in front. */
export function lowerApply(call: Call): Kind {
  const { lowering, raw, place, operand } = call;
  const right = child(raw, 'rhs');
  const left = lowering.lower(child(raw, 'lhs'), operand);
  if (right.predicate !== undefined || right.group !== undefined) {
    return refuse('unsupported', 'Put parentheses around what comes before this predicate or grouping.', right);
  }
  if (right.type === 'function') {
    const inner: Call = { ...call, raw: right };
    const name = builtinName(inner, child(right, 'procedure'));
    return { kind: 'call', name, args: lowerArguments(inner, { name, piped: left }), losesContext: false };
  }
  if (right.type === 'variable' && isBuiltin(text(right, 'value')) && !lowering.bound.has(text(right, 'value'))) {
    const name = allowed(right, text(right, 'value'));
    return { kind: 'call', name, args: [left], losesContext: true };
  }
  if (right.type === 'regex') {
    if (!place.isTest) return refuse('regex_place', 'Use $match or $contains with this regular expression.', right);
    return { kind: 'test', subject: left, regex: lowerRegex(right) };
  }
  return { kind: 'fault', before: [left, lowering.lower(right, operand)], code: 'T2006' };
}

/** The name of the built-in function that is called. Anything else cannot be. */
function builtinName({ lowering, raw, place }: Call, procedure: Raw): string {
  const isPartial = raw.type === 'partial';
  if (procedure.type === 'path') {
    const [step] = children(procedure, 'steps');
    const name = step?.type === 'name' ? text(step, 'value') : '';
    if (lowering.bound.has(name))
      return refuse('function_value', `Only built-in functions can be called, and ${name} is a variable.`, raw);
    const codes = isPartial ? ['T1007', 'T1008'] : ['T1005', 'T1006'];
    const hint = isBuiltin(name)
      ? `A function is called with a $: write $${name}(...).`
      : `There is no function ${name}. A function is called with a $.`;
    return uncallable({ raw, place, code: codes[isBuiltin(name) ? 0 : 1] ?? 'T1006', hint });
  }
  if (procedure.type === 'lambda')
    return refuse('lambda', 'A function written here cannot be called at once. Write its body instead.', raw);
  const isData = ['string', 'number', 'value', 'unary'].includes(String(procedure.type));
  if (!isData && procedure.type !== 'variable')
    return refuse('function_value', 'Only a built-in function can be called, by its name.', raw);
  if (isData) {
    return uncallable({
      raw,
      place,
      code: isPartial ? 'T1008' : 'T1006',
      hint: 'Only a built-in function can be called.',
    });
  }
  const name = text(procedure, 'value');
  if (lowering.bound.has(name)) {
    return refuse('function_value', `A function cannot be kept in a variable, and $${name} is one here.`, raw);
  }
  if (!isBuiltin(name))
    return uncallable({ raw, place, code: isPartial ? 'T1008' : 'T1006', hint: `There is no function $${name}.` });
  if (isPartial) return refuse('partial', 'A function cannot be called with ? in place of an argument.', raw);
  return allowed(raw, name);
}

/** JSONata's error where it is certain to arise, else a refusal of our own. */
function uncallable({ raw, place, code, hint }: { raw: Raw; place: Place; code: string; hint: string }): never {
  if (place.isCertain) throw failure(code, positionOf(raw), hint);
  return refuse('unknown_function', hint, raw);
}

function allowed(raw: Raw, name: string): string {
  const reason = refusedBuiltins[name];
  return reason === undefined ? name : refuse('refused_function', reason, raw);
}

function lowerArguments(call: Call, { name, piped }: { name: string; piped: Node | null }): Argument[] {
  const written = children(call.raw, 'arguments');
  const first: Argument[] = piped === null ? [] : [piped];
  const total = written.length + first.length;
  return [
    ...first,
    ...written.map((raw, index) => lowerArgument(call, { name, raw, index: index + first.length, total })),
  ];
}

interface Written {
  readonly name: string;
  readonly raw: Raw;
  readonly index: number;
  readonly total: number;
}

function lowerArgument(call: Call, argument: Written): Argument {
  const { lowering, place, operand } = call;
  const { name, raw, index, total } = argument;
  // Where the first argument is left out, the current value takes its place.
  const takesContext = (name === 'each' || name === 'sift') && total === 1;
  const isFunctionPlace = isHigherOrder(name) && (index === 1 || takesContext);
  if (raw.type === 'lambda' && isFunctionPlace)
    return lowerLambda({ lowering, raw, place, isTest: ['filter', 'sift', 'single'].includes(name) });
  if (raw.type === 'variable' && isFunctionPlace) {
    const passed = text(raw, 'value');
    if (isBuiltin(passed) && !lowering.bound.has(passed)) {
      if (isHigherOrder(passed)) return refuse('function_value', `$${passed} cannot be given to a function.`, raw);
      return { kind: 'builtin', position: positionOf(raw) ?? 0, name: allowed(raw, passed) };
    }
  }
  if (raw.type === 'regex') {
    const others = children(call.raw, 'arguments').filter((other) => other.type === 'regex');
    if (takesRegex(name) && index < 2 && others.length === 1 && raw.predicate === undefined) return lowerRegex(raw);
  }
  const isTest = total === 1 && (name === 'not' || name === 'boolean' || name === 'exists');
  return lowering.lower(raw, { ...operand, isTest });
}

function lowerLambda({
  lowering,
  raw,
  place,
  isTest,
}: {
  lowering: Lowering;
  raw: Raw;
  place: Place;
  isTest: boolean;
}): Argument {
  if (raw.signature !== undefined)
    return refuse('signature', 'A function cannot state the types of its parameters here.', raw);
  if (raw.predicate !== undefined || raw.group !== undefined)
    return refuse('unsupported', 'Nothing can follow a function here.', raw);
  const body = lowering.lower(child(raw, 'body'), {
    isCertain: false,
    canBind: true,
    isTest,
    isTail: false,
    losesContext: !place.isTail,
    depth: place.depth + 1,
  });
  return {
    kind: 'lambda',
    position: positionOf(raw) ?? 0,
    parameters: children(raw, 'arguments').map((parameter) => text(parameter, 'value')),
    body,
  };
}

function lowerRegex(raw: Raw): RegexArgument {
  const { value } = raw;
  // The parser copies the left side of ?: by way of JSON, where a regular expression does not survive.
  if (!isRaw(value) || !(value instanceof RegExp))
    return refuse('regex_place', 'A regular expression cannot be used here.', raw);
  return { kind: 'regex', position: positionOf(raw) ?? 0, source: value.source, flags: value.flags };
}
