import type { Edge, FlowDocument, Step } from '../document.js';
import { isContainer } from '../document.js';
import { everyStep, portOf } from '../graph.js';
import { everyLevel } from '../levels.js';
import { ownMember } from '../own-member.js';

/*
 * A document as records by id, so that two people's changes to it can be told apart and put together. A step lies in none
 * of its containers but names the one it is `inside`; it knows its `wires`, and a container the steps that it `holds`:
 * whoever removes a step that another has just wired or filled changes what that other changed.
 */

/** A record of JSON values, or of records. */
export type Tree = Readonly<Record<string, unknown>>;

export interface DraftTree extends Tree {
  readonly slots: Tree;
  readonly steps: Tree;
  readonly settings: Tree;
  readonly layout: Tree;
  readonly notes: Tree;
  /** Each with its steps as a record, so that two people may fill one. */
  readonly groups: Tree;
}

/** Whether its members are changed one by one; an expression and a list are changed as a whole. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '$');
}

export function treeOf(document: FlowDocument): DraftTree {
  const wires = new Map<string, Tree>();
  for (const { edges } of everyLevel(document))
    for (const edge of edges)
      for (const end of [edge.from, edge.to]) wires.set(end, { ...wires.get(end), [wireId(edge)]: edge });
  const steps: Record<string, unknown> = {};
  function take(level: readonly Step[], inside: string | undefined) {
    for (const step of level) {
      const own = { ...step, inside, wires: wires.get(step.id) ?? {} };
      steps[step.id] = isContainer(step)
        ? {
            ...own,
            steps: undefined,
            edges: undefined,
            holds: Object.fromEntries(step.steps.map(({ id }) => [id, true])),
          }
        : own;
      if (isContainer(step)) take(step.steps, step.id);
    }
  }
  take(document.steps, undefined);
  const { slots, settings, layout } = document;
  const notes = Object.fromEntries(document.notes.map((note) => [note.id, note]));
  const groups = Object.fromEntries(
    document.groups.map((group) => [
      group.id,
      { ...group, steps: Object.fromEntries(group.steps.map((id) => [id, true])) },
    ]),
  );
  return { slots, steps, settings, layout, notes, groups };
}

/**
 * The document of a tree, its steps, wires, notes and groups in the order in which `like` has them. A step whose container is gone
 * brings it along from `like`; wires to nowhere and places of nothing are left out. It may break the schema's rules where
 * the tree does.
 */
export function documentOf(tree: DraftTree, like: readonly FlowDocument[]): FlowDocument {
  const steps = withContainers(tree.steps, like.map(treeOf));
  const order = orderOf(like);
  const inOrder = (ids: readonly string[]) => ids.toSorted((one, other) => rank(order, one) - rank(order, other));
  const ids = inOrder(Object.keys(steps));
  const wires = new Map<string, { edge: unknown; inside: unknown }>();
  for (const id of ids) {
    for (const [wire, edge] of Object.entries(treeAt(memberOf(steps, id, 'wires')))) {
      const [from, to] = [memberOf(edge, 'from'), memberOf(edge, 'to')].map((end) => ownMember(steps, String(end)));
      const inside = memberOf(from, 'inside');
      if (from !== undefined && to !== undefined && inside === memberOf(to, 'inside'))
        wires.set(wire, { edge, inside });
    }
  }
  const wireIds = inOrder([...wires.keys()]);
  const level = (container: string | undefined): { steps: unknown[]; edges: unknown[] } => ({
    steps: ids.flatMap((id) => {
      const { inside, wires: _wires, holds, ...step } = treeAt(ownMember(steps, id));
      if (inside !== container) return [];
      return [holds === undefined ? step : { ...step, ...level(id) }];
    }),
    edges: wireIds.flatMap((id) => (wires.get(id)?.inside === container ? [wires.get(id)?.edge] : [])),
  });
  const document = {
    ...like[0],
    slots: tree.slots,
    ...level(undefined),
    settings: tree.settings,
    layout: Object.fromEntries(Object.entries(tree.layout).filter(([id]) => Object.hasOwn(steps, id))),
    notes: inOrder(Object.keys(tree.notes)).map((id) => ownMember(tree.notes, id)),
    groups: groupsOf(tree, (id) => Object.hasOwn(steps, id) && memberOf(steps, id, 'inside') === undefined, inOrder),
  };
  // Its shape is that of the documents it comes from; what strangers sent into it passes the schema before it is kept.
  return document as unknown as FlowDocument;
}

/** Without steps that are gone, and groups that hold none; a step that two people grouped is in the later of the two. */
function groupsOf(tree: DraftTree, isKnown: (step: string) => boolean, inOrder: (ids: readonly string[]) => string[]) {
  const ids = inOrder(Object.keys(tree.groups));
  const groupOf = new Map<string, string>();
  for (const id of ids)
    for (const step of Object.keys(treeAt(memberOf(tree.groups, id, 'steps')))) groupOf.set(step, id);
  return ids.flatMap((id) => {
    const steps = Object.keys(treeAt(memberOf(tree.groups, id, 'steps')));
    const kept = steps.filter((step) => isKnown(step) && groupOf.get(step) === id);
    return kept.length === 0 ? [] : [{ ...treeAt(ownMember(tree.groups, id)), steps: kept }];
  });
}

/** Steps, wires, notes and groups by where they stand. */
function orderOf(like: readonly FlowDocument[]): ReadonlyMap<string, number> {
  const ids = like.flatMap((document) => [
    ...[...everyStep(document)].map(({ id }) => id),
    ...everyLevel(document).flatMap(({ edges }) => edges.map(wireId)),
    ...document.notes.map(({ id }) => id),
    ...document.groups.map(({ id }) => id),
  ]);
  const order = new Map<string, number>();
  for (const id of ids) if (!order.has(id)) order.set(id, order.size);
  return order;
}

function rank(order: ReadonlyMap<string, number>, id: string): number {
  return order.get(id) ?? order.size;
}

function withContainers(steps: Tree, spare: readonly DraftTree[]): Tree {
  const all: Record<string, unknown> = { ...steps };
  for (const id of Object.keys(steps)) {
    let inside = memberOf(all, id, 'inside');
    while (typeof inside === 'string' && !Object.hasOwn(all, inside)) {
      const name = inside;
      const container = spare.map((tree) => ownMember(tree.steps, name)).find((step) => step !== undefined);
      if (container === undefined) break;
      all[name] = container;
      inside = memberOf(container, 'inside');
    }
  }
  return all;
}

function memberOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => ownMember(treeAt(at), key), value);
}

function treeAt(value: unknown): Tree {
  return isTree(value) ? value : {};
}

function wireId(edge: Edge): string {
  return `${edge.from}:${portOf(edge)}->${edge.to}`;
}
