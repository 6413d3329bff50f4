import { builtins } from './functions/builtins.js';
import type { Argument, Node, Pair } from './tree.js';

type Path = readonly string[];
/** Where in the input a value may come from; a computed value comes from nowhere. */
type Origins = readonly Path[];

/** What an evaluation can see at one place, as far as it comes from the input. */
interface View {
  readonly context: Origins;
  readonly variables: Map<string, Origins>;
}

/** Functions whose result consists of items of their first argument. */
const selecting: ReadonlySet<string> = new Set(['filter', 'sort', 'reverse', 'single', 'append']);
const anything = '*';

/**
 * The paths of the input that an expression reads, in order of first reading. Never too few: where it can't be known
 * what becomes of a value, all of the value counts as read.
 */
export function readPaths(tree: Node): Path[] {
  const reader = new PathReader();
  reader.use(reader.visit(tree, { context: [[]], variables: new Map([['$', [[]]]]) }));
  return reader.paths();
}

class PathReader {
  readonly #found = new Map<string, Path>();
  #reads = 0;

  paths(): Path[] {
    return [...this.#found.values()];
  }

  /** The whole value is read. */
  use(origins: Origins): void {
    this.#reads += origins.length;
    for (const origin of origins) {
      const path = origin.length === 0 ? [anything] : origin;
      this.#found.set(JSON.stringify(path), path);
    }
  }

  visit(node: Node, view: View): Origins {
    let origins = this.#visitKind(node, view);
    for (const predicate of node.predicates) this.use(this.visit(predicate, { ...view, context: origins }));
    const { group } = node;
    if (group !== null) origins = this.#within(origins, () => this.#visitPairs(group, { ...view, context: origins }));
    return origins;
  }

  /** What is done for each item at least tells how many there are. */
  #within(items: Origins, visit: () => Origins): Origins {
    const before = this.#reads;
    const origins = visit();
    if (this.#reads === before && origins.length === 0) this.use(items);
    return origins;
  }

  #visitKind(node: Node, view: View): Origins {
    switch (node.kind) {
      case 'path':
        return this.#visitPath(node.steps, view);
      case 'name':
        return extended(view.context, node.name);
      case 'wildcard':
      case 'descendant':
        return extended(view.context, anything);
      case 'variable':
        return node.name === '' ? view.context : (view.variables.get(node.name) ?? []);
      case 'parent':
        return view.variables.get(node.label) ?? [];
      case 'literal':
        return [];
      case 'binary':
        return this.#useAll([node.left, node.right], view);
      case 'negate':
        return this.#useAll([node.operand], view);
      case 'array':
        return node.items.flatMap((item) => this.visit(item, view));
      case 'object':
        return this.#visitPairs(node.pairs, view);
      case 'condition':
        this.use(this.visit(node.test, view));
        return [...this.visit(node.then, view), ...(node.otherwise === null ? [] : this.visit(node.otherwise, view))];
      case 'default':
        return [...this.visit(node.left, view), ...this.visit(node.otherwise, view)];
      case 'block':
        return this.#visitBlock(node.items, view);
      case 'bind': {
        const origins = this.visit(node.value, view);
        view.variables.set(node.name, origins);
        return origins;
      }
      case 'call':
        return this.#visitCall(node.name, node.args, view);
      case 'test':
        return this.#useAll([node.subject], view);
      case 'fault':
        return this.#useAll(node.before, view);
      case 'sort':
        for (const { expression } of node.terms) this.use(this.visit(expression, view));
        return view.context;
    }
  }

  #useAll(nodes: readonly Node[], view: View): Origins {
    for (const node of nodes) this.use(this.visit(node, view));
    return [];
  }

  #visitPairs(pairs: readonly Pair[], view: View): Origins {
    return this.#useAll(
      pairs.flatMap(({ key, value }) => [key, value]),
      view,
    );
  }

  #visitPath(steps: readonly Node[], view: View): Origins {
    const variables = new Map(view.variables);
    let { context } = view;
    for (const step of steps) {
      if (step.ancestor !== null) variables.set(step.ancestor, context);
      const given = context;
      const result = this.#within(given, () => this.visit(step, { context: given, variables }));
      if (step.index !== null) variables.set(step.index, []);
      if (step.focus === null) context = result;
      else variables.set(step.focus, result);
      for (const stage of step.stages) {
        if (stage.kind === 'index') variables.set(stage.name, []);
        else this.use(this.visit(stage.predicate, { context, variables }));
      }
    }
    return context;
  }

  #visitBlock(items: readonly Node[], view: View): Origins {
    const inner: View = { ...view, variables: new Map(view.variables) };
    let origins: Origins = [];
    for (const item of items) origins = this.visit(item, inner);
    return origins;
  }

  #visitCall(name: string, args: readonly Argument[], view: View): Origins {
    const [first, second] = args;
    if (name === 'lookup' && args.length === 1 && first?.kind === 'literal')
      return extended(view.context, String(first.value));
    if (standsIn(name, args)) this.use(view.context);
    const list = first === undefined || !isNode(first) ? view.context : this.visit(first, view);
    if (name === 'lookup' && second?.kind === 'literal') return extended(list, String(second.value));
    const others = args
      .slice(1)
      .filter(isNode)
      .flatMap((argument) => this.visit(argument, view));
    const lambda = args.find((argument) => argument.kind === 'lambda');
    if (lambda === undefined) {
      const isSelection = selecting.has(name) && args.every(isNode);
      return isSelection ? [...list, ...others] : this.#using([...list, ...others]);
    }
    const seen = lambdaOrigins({ name, list, initial: args.length > 2 ? others : null });
    const variables = new Map(view.variables);
    for (const [index, parameter] of lambda.parameters.entries()) variables.set(parameter, seen[index] ?? []);
    const body = this.#within(list, () => this.visit(lambda.body, { context: view.context, variables }));
    if (name === 'map' || name === 'each') return body;
    this.use(body);
    return selecting.has(name) ? list : this.#using(name === 'sift' ? list : others);
  }

  #using(origins: Origins): Origins {
    this.use(origins);
    return [];
  }
}

/** What the parameters of a function given to `name` hold, in order. */
function lambdaOrigins({ name, list, initial }: { name: string; list: Origins; initial: Origins | null }): Origins[] {
  if (name === 'sort') return [list, list];
  if (name === 'reduce') return [initial ?? list, list, [], list];
  return [name === 'each' || name === 'sift' ? extended(list, anything) : list, [], list];
}

/** Whether the current value stands in for the first argument, as far as can be seen. */
function standsIn(name: string, args: readonly Argument[]): boolean {
  const signature = builtins[name]?.signature ?? '';
  if (!signature.includes('-')) return false;
  const required = signature.replace(/\([a-z]+\)|<[a-z]*>/g, 'x').replace(/-|[a-z]\?/g, '').length;
  const [first] = args;
  const isNumber = first?.kind === 'negate' || (first?.kind === 'literal' && typeof first.value === 'number');
  return args.length < required || (signature.startsWith('s-') && isNumber);
}

function isNode(argument: Argument): argument is Node {
  return argument.kind !== 'lambda' && argument.kind !== 'builtin' && argument.kind !== 'regex';
}

function extended(origins: Origins, name: string): Origins {
  return origins.map((origin) => (origin.at(-1) === anything ? origin : [...origin, name]));
}
