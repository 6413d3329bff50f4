import { binaryOf } from './binary.js';
import { callOf, testOf } from './call.js';
import { filterAt, filterBy } from './filter.js';
import type { Evaluate, Frame } from './frame.js';
import { groupBy } from './group.js';
import { evaluatePath, namesOnly, readNames } from './path.js';
import { failure } from './problem.js';
import { compileStep } from './step.js';
import type { Kind, Node, Pair } from './tree.js';
import { isNumber, truth } from './truth.js';
import { collapse, ConstructedArray, InputSequence, lookup, Sequence } from './value.js';
import { descendants, wildcard } from './wildcard.js';

/** Compiles a tree to one closure. Each closure does its part without looking at the tree again. */
export function build(node: Node): Evaluate {
  const names = namesOnly(node);
  if (names !== null) return readNames(names);
  const core = buildKind(node);
  if (node.isRaw) return core;
  const filters = node.predicates.map(filterOf);
  const group = node.group === null || node.kind === 'path' ? null : groupOf(node.group, node.position);
  if (filters.length === 0 && group === null && !node.keepsArray) {
    return node.kind === 'literal' || node.kind === 'negate' ? core : (input, frame) => collapse(core(input, frame));
  }
  const { keepsArray } = node;
  return (input, frame) => {
    let value = core(input, frame);
    for (const filter of filters) value = filter(value, frame);
    if (group !== null) value = group(value, frame);
    if (keepsArray && value instanceof Sequence) value.keep();
    return collapse(value);
  };
}

export function filterOf(predicate: Node): (value: unknown, frame: Frame) => unknown {
  if (predicate.kind === 'literal' && typeof predicate.value === 'number') return filterAt(predicate.value);
  return filterBy(build(predicate));
}

function groupOf(pairs: readonly Pair[], position: number): (value: unknown, frame: Frame) => unknown {
  return groupBy(
    pairs.map(({ key, value }) => ({ key: build(key), value: build(value) })),
    position,
  );
}

function buildKind(node: Node): Evaluate {
  switch (node.kind) {
    case 'path':
      return evaluatePath({
        steps: node.steps.map((step) => compileStep(step, { build, filterOf })),
        startsAtVariable: node.steps[0]?.kind === 'variable',
        keepsSingleton: node.keepsSingleton,
        keepsTuples: node.isTuple,
        group: node.group === null ? null : groupOf(node.group, node.position),
      });
    case 'name': {
      const { name } = node;
      return (input, frame) => lookup(input, name, frame.budget);
    }
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'wildcard':
      return wildcard;
    case 'descendant':
      return descendants;
    case 'parent':
      return (_input, frame) => frame.lookup(node.label);
    case 'variable':
      return buildVariable(node.name);
    case 'negate':
      return buildNegation(build(node.operand), node.position);
    case 'array':
      return buildArray(node);
    case 'object': {
      const group = groupOf(node.pairs, node.position);
      return (input, frame) => group(input, frame);
    }
    case 'block':
      return buildBlock(node);
    case 'bind': {
      const [{ name }, value] = [node, build(node.value)];
      return (input, frame) => {
        const bound = value(input, frame);
        frame.bind(name, bound);
        return bound;
      };
    }
    case 'call':
      return callOf(node, node.position, build);
    case 'test':
      return testOf(node, build);
    case 'fault':
      return buildFault(node.before.map(build), node.code, node.position);
    case 'binary':
      return binaryOf({
        operator: node.operator,
        left: build(node.left),
        right: build(node.right),
        position: node.position,
      });
    case 'condition':
    case 'default':
      return buildChoice(node);
    case 'sort':
      throw failure('S0206', node.position);
  }
}

function buildVariable(name: string): Evaluate {
  if (name === '') return (input) => (input instanceof InputSequence ? input[0] : input);
  return (_input, frame) => {
    const value = frame.lookup(name);
    return typeof value === 'function' ? undefined : value;
  };
}

function buildNegation(operand: Evaluate, position: number): Evaluate {
  return (input, frame) => {
    const value = operand(input, frame);
    if (value === undefined) return undefined;
    if (!isNumber(value)) throw failure('D1002', position);
    return -value;
  };
}

/** `[a, b]`: arrays among the items are taken apart, but not those written as `[...]` themselves. */
function buildArray(node: Extract<Kind, { kind: 'array' }> & { readonly isConstructed: boolean }): Evaluate {
  const items = node.items.map((item) => ({ evaluate: build(item), isNested: item.kind === 'array' }));
  const { isConstructed } = node;
  return (input, frame) => {
    let result: unknown[] = isConstructed ? new ConstructedArray() : [];
    for (const { evaluate, isNested } of items) {
      const value = evaluate(input, frame);
      if (value === undefined) continue;
      if (isNested || !Array.isArray(value)) {
        result.push(value);
        frame.budget.charge(8);
        continue;
      }
      frame.budget.charge(8 * value.length);
      // The only item, as in [1..n], needs no copy of its own places.
      if (items.length === 1 && !isConstructed) result = Array.from(value);
      else for (const inner of value) result.push(inner);
    }
    return result;
  };
}

function buildBlock(node: Extract<Kind, { kind: 'block' }>): Evaluate {
  const items = node.items.map(build);
  const { binds } = node;
  return (input, frame) => {
    const inner = binds ? frame.inner(null) : frame;
    let value: unknown;
    for (const item of items) value = item(input, inner);
    return value;
  };
}

function buildFault(before: readonly Evaluate[], code: string, position: number): Evaluate {
  return (input, frame) => {
    for (const evaluate of before) evaluate(input, frame);
    throw failure(code, position);
  };
}

function buildChoice(node: Extract<Kind, { kind: 'condition' | 'default' }>): Evaluate {
  const otherwise = node.otherwise === null ? () => undefined : build(node.otherwise);
  if (node.kind === 'condition') {
    const [test, then] = [build(node.test), build(node.then)];
    return (input, frame) => (truth(test(input, frame)) === true ? then(input, frame) : otherwise(input, frame));
  }
  const left = build(node.left);
  const isGood =
    node.by === 'existence' ? (value: unknown) => value !== undefined : (value: unknown) => truth(value) === true;
  return (input, frame) => {
    const value = left(input, frame);
    return isGood(value) ? value : otherwise(input, frame);
  };
}
