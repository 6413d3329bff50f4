import type { ClassesByPath } from '../../connector/declare.js';
import { deeper, joined, type Label, labelOf, moved, publicLabel, unionOf } from './label.js';

/**
 * What a value holds, field by field. Entries of a list have the shape of the list: a path names no index. Pure data,
 * shared freely.
 */
export interface Shape {
  /** Of the value itself, and of every field that isn't named below. */
  readonly own: Label;
  readonly fields: ReadonlyMap<string, Shape>;
  /** Of all of it. */
  readonly all: Label;
  /** Shapes in it, itself among them. */
  readonly size: number;
}

const noFields: ReadonlyMap<string, Shape> = new Map();
/** Beyond this a shape is one label: a flow that maps a value into itself twice a step must not grow without end. */
const mostShapes = 200;
const anything = '*';

export function leaf(label: Label): Shape {
  return { own: label, fields: noFields, all: label, size: 1 };
}

export const publicShape = leaf(publicLabel);

export function shapeOf(own: Label, fields: ReadonlyMap<string, Shape>): Shape {
  if (fields.size === 0) return leaf(own);
  const parts = [...fields.values()];
  const all = unionOf([own, ...parts.map((part) => part.all)]);
  const size = parts.reduce((sum, part) => sum + part.size, 1);
  return size > mostShapes ? leaf(all) : { own, fields, all, size };
}

/** What a connector says of a value by path; what it doesn't name holds `own`. */
export function declaredShape(classes: ClassesByPath, own: Label, place: { step: string; field: string }): Shape {
  const root: Branch = { label: own, fields: new Map() };
  // Shorter paths first, so that a field without a word of its own takes that of what it is part of.
  for (const path of Object.keys(classes).toSorted((one, other) => one.length - other.length)) {
    let at = root;
    for (const name of path.split('.')) {
      const found = at.fields.get(name) ?? { label: deeper(at.label, [name]), fields: new Map() };
      at.fields.set(name, found);
      at = found;
    }
    at.label = labelOf(classes[path] ?? 'personal', place.step, joined(place.field, path.split('.')));
  }
  return close(root);
}

interface Branch {
  label: Label;
  readonly fields: Map<string, Branch>;
}

function close({ label, fields }: Branch): Shape {
  return shapeOf(label, new Map([...fields].map(([name, branch]) => [name, close(branch)])));
}

/** What lies at a path; a `*` is everything there. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape {
  let at = shape;
  for (const [index, name] of path.entries()) {
    if (name === anything) return leaf(at.all);
    const found = at.fields.get(name);
    if (found === undefined) return leaf(deeper(at.own, path.slice(index)));
    at = found;
  }
  return at;
}

/** A value that may be any of these, or a list of them. */
export function mergedShape(shapes: readonly Shape[]): Shape {
  const [first, ...others] = shapes;
  if (first === undefined) return publicShape;
  if (others.length === 0) return first;
  const names = new Set(shapes.flatMap(({ fields }) => [...fields.keys()]));
  return shapeOf(
    unionOf(shapes.map(({ own }) => own)),
    new Map([...names].map((name) => [name, mergedShape(shapes.map((shape) => shapeAt(shape, [name])))])),
  );
}

/** The same value, put into a field of a step. Worked out as far as somebody looks: a flow may hand on all it has at each step. */
export function movedShape(shape: Shape, step: string, field: string): Shape {
  return shape.size === 1 ? leaf(moved(shape.own, step, field)) : new MovedShape(shape, step, field);
}

class MovedShape implements Shape {
  readonly size: number;
  readonly all: Label;
  #own: Label | null = null;
  #fields: Shape['fields'] | null = null;

  constructor(
    private readonly from: Shape,
    private readonly step: string,
    private readonly field: string,
  ) {
    this.size = from.size;
    this.all = moved(from.all, step, field);
  }

  get own(): Label {
    this.#own ??= moved(this.from.own, this.step, this.field);
    return this.#own;
  }

  get fields(): Shape['fields'] {
    this.#fields ??= new Map(
      [...this.from.fields].map(([name, part]) => [name, movedShape(part, this.step, joined(this.field, [name]))]),
    );
    return this.#fields;
  }
}
