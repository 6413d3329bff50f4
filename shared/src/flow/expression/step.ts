import type { Evaluate, Frame } from './frame.js';
import { orderBy } from './order.js';
import { joinResults, type Step } from './path.js';
import { numberedRows, numberRows, rowStep } from './tuple.js';
import type { Node, Stage } from './tree.js';
import { TupleStream } from './value.js';

interface Builder {
  readonly build: (node: Node) => Evaluate;
  readonly filterOf: (predicate: Node) => (value: unknown, frame: Frame) => unknown;
}

type Apply = (value: unknown, frame: Frame) => unknown;

/** One step of a path: over plain items, and over rows for where names are bound along the path. */
export function compileStep(node: Node, builder: Builder): Step {
  const stages = node.stages.map((stage) => compileStage(stage, builder));
  return node.kind === 'sort' ? sortStep(node, stages, builder) : plainStep(node, stages, builder);
}

function compileStage(stage: Stage, { filterOf }: Builder): Apply {
  return stage.kind === 'filter' ? filterOf(stage.predicate) : (rows) => numberRows(rows, stage.name);
}

function plainStep(node: Node, stages: readonly Apply[], { build }: Builder): Step {
  const evaluate = build(node);
  const { focus, index, ancestor } = node;
  const rows = rowStep(evaluate, { focus, index, ancestor });
  return {
    isTuple: node.isTuple,
    isConstructed: node.isConstructed,
    bindsFocus: focus !== null,
    evaluate,
    each: (items, frame, isLast) => {
      frame.budget.spend(items.length);
      const results: unknown[] = [];
      for (const item of items) {
        let value = evaluate(item, frame);
        for (const stage of stages) value = stage(value, frame);
        if (value !== undefined) results.push(value);
      }
      return joinResults(results, isLast, frame);
    },
    eachTuple: (given, items, frame) => staged(rows(given, items, frame), stages, frame),
  };
}

function sortStep(node: Node & { readonly kind: 'sort' }, stages: readonly Apply[], { build }: Builder): Step {
  const terms = node.terms.map(({ isDescending, expression }) => ({ isDescending, evaluate: build(expression) }));
  const order = orderBy(terms, node.position);
  return {
    isTuple: node.isTuple,
    isConstructed: false,
    bindsFocus: false,
    evaluate: () => undefined,
    each: (items, frame) => {
      let value: unknown = order(items, frame);
      for (const stage of stages) value = stage(value, frame);
      return Array.isArray(value) ? value : [];
    },
    eachTuple: (given, items, frame) => {
      const sorted = order(given ?? items, frame);
      return staged(sorted instanceof TupleStream ? sorted : numberedRows(sorted, node.index), stages, frame);
    },
  };
}

function staged(rows: TupleStream, stages: readonly Apply[], frame: Frame): TupleStream {
  let value: unknown = rows;
  for (const stage of stages) value = stage(value, frame);
  return value instanceof TupleStream ? value : rows;
}
