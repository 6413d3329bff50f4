import { assertPath, assertRange } from './assert-tree.js';
import { maximumDepth } from './budget.js';
import { lowerApply, lowerCall } from './lower-call.js';
import { hasRawTail, lowerCondition } from './lower-choice.js';
import { boundNames, child, children, isRaw, optionalText, pairs, positionOf, type Raw, refuse, text } from './raw.js';
import { isBuiltin } from './functions/names.js';
import type { BinaryOperator, Kind, Node, Pair, Stage } from './tree.js';

/** What lowering one node needs to know of its surroundings. */
export interface Place {
  /** Evaluated whatever the data, unless something before it fails. */
  readonly isCertain: boolean;
  /** A variable may be bound here. */
  readonly canBind: boolean;
  /** Only the truth of the value matters. */
  readonly isTest: boolean;
  /** The last call of a lambda: JSONata makes it after leaving the lambda. */
  readonly isTail: boolean;
  /** A last call here has no current value to stand in for a missing argument. */
  readonly losesContext: boolean;
  readonly depth: number;
}

export interface Lowering {
  readonly bound: ReadonlySet<string>;
  lower(raw: Raw, place: Place): Node;
}

const binaryOperators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '%': '%',
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '&': '&',
  '..': '..',
  in: 'in',
  and: 'and',
  or: 'or',
};

/** Turns the parser's tree into ours and refuses what the subset leaves out. An allow list: unknown means refused. */
export function lowerExpression(ast: unknown): Node {
  if (!isRaw(ast)) return refuse('unsupported', 'The expression cannot be read.');
  const lowering: Lowering = { bound: boundNames(ast), lower: (raw, place) => lower(lowering, raw, place) };
  return lowering.lower(ast, {
    isCertain: true,
    canBind: true,
    isTest: false,
    isTail: false,
    losesContext: false,
    depth: 0,
  });
}

function lower(lowering: Lowering, raw: Raw, outer: Place): Node {
  if (outer.depth > maximumDepth) return refuse('too_deep', 'The expression is nested too deeply.', raw);
  if (raw.type === 'lambda' && raw.thunk === true) {
    const call = child(raw, 'body');
    if (call.group !== undefined) return refuse('unsupported', 'Put this grouping into parentheses of its own.', call);
    return { ...lower(lowering, call, { ...outer, isTail: true }), isRaw: true, keepsArray: false };
  }
  const place: Place = { ...outer, depth: outer.depth + 1 };
  const inside: Place = {
    ...place,
    isCertain: false,
    canBind: false,
    isTest: false,
    isTail: false,
    losesContext: false,
  };
  const core = lowerKind({ lowering, raw, place, inside });
  const isTailOfLambda = hasRawTail(core);
  const node: Node = {
    ...core,
    position: positionOf(raw) ?? 0,
    predicates: children(raw, 'predicate').map((stage) =>
      lowering.lower(child(stage, 'expr'), { ...inside, isTest: true }),
    ),
    group: raw.group === undefined ? null : lowerPairs({ lowering, raw: child(raw, 'group'), place: inside }),
    keepsArray: raw.keepArray === true,
    isRaw: isTailOfLambda,
    isConstructed: raw.consarray === true,
    stages: children(raw, 'stages').map((stage) => lowerStage({ lowering, raw: stage, place: inside })),
    focus: optionalText(raw, 'focus'),
    index: typeof raw.index === 'string' ? raw.index : null,
    ancestor: isRaw(raw.ancestor) ? text(raw.ancestor, 'label') : null,
    isTuple: raw.tuple === true,
  };
  if (isTailOfLambda && (node.predicates.length > 0 || node.group !== null || node.keepsArray)) {
    return refuse(
      'unsupported',
      'A predicate or grouping cannot follow here. Bind the value to a variable first.',
      raw,
    );
  }
  return node;
}

export interface Task {
  readonly lowering: Lowering;
  readonly raw: Raw;
  readonly place: Place;
  /** The place of a part that may not be evaluated, or not with this context. */
  readonly inside: Place;
}

function lowerKind(task: Task): Kind {
  const { lowering, raw, place, inside } = task;
  const operand: Place = { ...inside, isCertain: place.isCertain };
  const part = (field: string, at: Place): Node => lowering.lower(child(raw, field), at);
  switch (raw.type) {
    case 'path':
      return lowerPath(task, operand);
    case 'sort':
      return {
        kind: 'sort',
        terms: children(raw, 'terms').map((term) => ({
          isDescending: term.descending === true,
          expression: lowering.lower(child(term, 'expression'), inside),
        })),
      };
    case 'name':
      return { kind: 'name', name: text(raw, 'value') };
    case 'string':
      return { kind: 'literal', value: text(raw, 'value') };
    case 'number':
    case 'value':
      return lowerLiteral(raw);
    case 'wildcard':
    case 'descendant':
      return { kind: raw.type };
    case 'parent':
      return { kind: 'parent', label: text(child(raw, 'slot'), 'label') };
    case 'variable':
      return lowerVariable(lowering, raw);
    case 'unary':
      return lowerUnary(task, operand);
    case 'binary': {
      const operator = binaryOperators[text(raw, 'value')];
      if (operator === undefined) return refuse('unsupported', 'This operator is not supported.', raw);
      const isLogic = operator === 'and' || operator === 'or';
      const right = isLogic ? { ...inside, isTest: true } : operand;
      const [left, other] = [part('lhs', { ...operand, isTest: isLogic }), part('rhs', right)];
      if (operator === '..') assertRange(raw, left, other);
      return { kind: 'binary', operator, left, right: other };
    }
    case 'condition':
      return lowerCondition(task, operand);
    case 'block':
      return lowerBlock(task);
    case 'bind':
      if (!place.canBind) {
        return refuse(
          'bind_place',
          'A variable can be bound only as a line of its own, in parentheses: ($x := ...; ...).',
          raw,
        );
      }
      return {
        kind: 'bind',
        name: text(child(raw, 'lhs'), 'value'),
        value: part('rhs', { ...operand, canBind: true }),
      };
    case 'function':
    case 'partial':
      return lowerCall({ lowering, raw, place, operand });
    case 'apply':
      return lowerApply({ lowering, raw, place, operand });
    case 'lambda':
      return refuse(
        'lambda',
        'A function can be written only as an argument of $map, $filter, $reduce, $sort, $single, $each or $sift.',
        raw,
      );
    case 'regex':
      return refuse(
        'regex_place',
        'A regular expression can be written only as an argument of $match, $contains, $replace or $split.',
        raw,
      );
    case 'transform':
      return refuse('transform', 'The transform operator | | is not supported. Build the new object with { }.', raw);
    default:
      return refuse('unsupported', 'This part of the expression is not supported.', raw);
  }
}

function lowerPath({ lowering, raw, inside }: Task, operand: Place): Kind {
  const steps = children(raw, 'steps').map((step, index) => lowering.lower(step, index === 0 ? operand : inside));
  assertPath(raw, steps);
  return { kind: 'path', steps, keepsSingleton: raw.keepSingletonArray === true };
}

function lowerLiteral(raw: Raw): Kind {
  const { value } = raw;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { kind: 'literal', value };
  return refuse('unsupported', 'This literal is not supported.', raw);
}

function lowerVariable({ bound }: Lowering, raw: Raw): Kind {
  const name = text(raw, 'value');
  if (isBuiltin(name) && !bound.has(name)) {
    return refuse('function_value', `$${name} is a function: call it with $${name}(...).`, raw);
  }
  return { kind: 'variable', name };
}

function lowerUnary({ lowering, raw, place, inside }: Task, operand: Place): Kind {
  if (raw.value === '-') return { kind: 'negate', operand: lowering.lower(child(raw, 'expression'), operand) };
  if (raw.value === '[') {
    return { kind: 'array', items: children(raw, 'expressions').map((item) => lowering.lower(item, operand)) };
  }
  if (raw.value === '{')
    return { kind: 'object', pairs: lowerPairs({ lowering, raw, place: { ...inside, isCertain: place.isCertain } }) };
  return refuse('unsupported', 'This operator is not supported.', raw);
}

function lowerPairs({ lowering, raw, place }: Pick<Task, 'lowering' | 'raw' | 'place'>): Pair[] {
  return pairs(raw, 'lhs').map(([key, value]) => ({
    key: lowering.lower(key, place),
    value: lowering.lower(value, place),
  }));
}

function lowerStage({ lowering, raw, place }: Pick<Task, 'lowering' | 'raw' | 'place'>): Stage {
  if (raw.type === 'index') return { kind: 'index', name: text(raw, 'value') };
  return { kind: 'filter', predicate: lowering.lower(child(raw, 'expr'), { ...place, isTest: true }) };
}

function lowerBlock({ lowering, raw, place, inside }: Task): Kind {
  const items = children(raw, 'expressions');
  const nodes = items.map((item, index) => {
    const isLast = index === items.length - 1;
    return lowering.lower(item, {
      ...inside,
      isCertain: place.isCertain,
      canBind: true,
      isTest: place.isTest && isLast,
      losesContext: place.losesContext && isLast,
    });
  });
  return { kind: 'block', items: nodes, binds: nodes.some((node) => node.kind === 'bind') };
}
