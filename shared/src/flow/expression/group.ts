import type { Evaluate, Frame } from './frame.js';
import { failure } from './problem.js';
import { mergeRows } from './tuple.js';
import { append, emptyObject, type Fields, isObject, TupleStream } from './value.js';

export interface PairPlan {
  readonly key: Evaluate;
  readonly value: Evaluate;
}

interface Group {
  readonly pair: number;
  items: unknown;
}

/** `{ key: value }` over items: the items with the same key form a group, and the value is made once for each. */
export function groupBy(pairs: readonly PairPlan[], position: number): (value: unknown, frame: Frame) => Fields {
  return (value, frame) => {
    const rows = value instanceof TupleStream ? value : null;
    const groups = new Map<string, Group>();
    const given: readonly unknown[] = Array.isArray(value) ? value : [value];
    // No item at all still makes the object itself.
    const items = given.length === 0 && rows === null ? [undefined] : given;
    for (const item of items) {
      const row = rows !== null && isObject(item) ? item : null;
      for (const [pair, { key }] of pairs.entries()) {
        frame.budget.spend(1);
        const name = row === null ? key(item, frame) : key(row['@'], frame.inner(row));
        if (name === undefined) continue;
        if (typeof name !== 'string') throw failure('T1003', position);
        if (name === '_jsonata_lambda' || name === '_jsonata_function') throw failure('D1013', position);
        addToGroup({ groups, name, pair, item, position });
      }
    }
    return makeObject({ pairs, groups, frame, isTuple: rows !== null });
  };
}

function addToGroup({
  groups,
  name,
  pair,
  item,
  position,
}: {
  groups: Map<string, Group>;
  name: string;
  pair: number;
  item: unknown;
  position: number;
}): void {
  const group = groups.get(name);
  if (group === undefined) {
    groups.set(name, { pair, items: item });
    return;
  }
  if (group.pair !== pair) throw failure('D1009', position);
  group.items = append(group.items, item);
}

interface Making {
  readonly pairs: readonly PairPlan[];
  readonly groups: Map<string, Group>;
  readonly frame: Frame;
  readonly isTuple: boolean;
}

function makeObject({ pairs, groups, frame, isTuple }: Making): Fields {
  const object = emptyObject();
  for (const [name, { pair, items }] of groups) {
    frame.budget.charge(32 + name.length);
    const plan = pairs[pair];
    const row = isTuple ? rowOfGroup(items) : null;
    const value = row === null ? plan?.value(items, frame) : plan?.value(row['@'], frame.inner(row));
    if (value !== undefined) object[name] = value;
  }
  return object;
}

function rowOfGroup(items: unknown): Fields {
  if (!Array.isArray(items)) return isObject(items) ? items : emptyObject();
  return mergeRows(items.filter(isObject));
}
