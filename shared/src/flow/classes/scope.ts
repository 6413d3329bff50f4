import { labelOf, unionOf } from './label.js';
import type { Scope } from './mapping-shape.js';
import { leaf, publicShape, type Shape, shapeAt } from './shape.js';

/** What is known so far: of each step by id, and of what isn't a step by its name in expressions. */
export interface Known {
  readonly trigger: Shape;
  readonly outputs: ReadonlyMap<string, Shape>;
  /** In a loop: `item` or `previous`. */
  readonly pass: ReadonlyMap<string, Shape>;
}

/** What expressions see at one place. A step that isn't known by then, or a name that means nothing, is unknown. */
export function scopeOf({ trigger, outputs, pass }: Known): Scope {
  const names: Readonly<Record<string, Shape>> = { trigger, index: publicShape, ...surroundings };
  return (path) => {
    const [root = '', ...rest] = path;
    if (root === 'steps') return stepAt(outputs, rest);
    const found = pass.get(root) ?? (Object.hasOwn(names, root) ? names[root] : undefined);
    return found === undefined ? unknown(path) : shapeAt(found, rest);
  };
}

function stepAt(outputs: ReadonlyMap<string, Shape>, [id = '', ...rest]: readonly string[]): Shape {
  const output = outputs.get(id);
  if (output !== undefined) return shapeAt(output, rest);
  if (id !== '' && id !== '*') return unknown([id, ...rest]);
  // All steps at once: `checkExpressions` refuses it, and until then it may be anything.
  return leaf(unionOf([unknown([id, ...rest]).own, ...[...outputs.values()].map(({ all }) => all)]));
}

function unknown([step = '', ...names]: readonly string[]): Shape {
  return leaf(labelOf('personal', step, names.join('.')));
}

const surroundings = Object.fromEntries(
  ['flow', 'run', 'environment', 'callbacks'].map((name) => [name, leaf(labelOf('internal', name, ''))]),
);
