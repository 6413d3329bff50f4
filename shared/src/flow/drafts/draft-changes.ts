import { z } from 'zod';
import { type Json, jsonSchema } from '../../lib/json.js';
import type { FlowDocument } from '../document.js';
import { ownMember } from '../own-member.js';
import { documentOf, isTree, type Tree, treeOf } from './draft-tree.js';

/**
 * One operation on a draft: what lies at a place of its tree, such as `steps`, `pay`, `input`, `amount`, becomes `to`. It
 * says what it replaces, so it can be done to a draft that somebody else changed meanwhile. Left out, `was` and `to` are
 * nothing: something new, or something removed.
 */
export const draftChangeSchema = z.strictObject({
  at: z.array(z.string().max(200)).min(2).max(40),
  was: jsonSchema.optional(),
  to: jsonSchema.optional(),
});
export type DraftChange = z.output<typeof draftChangeSchema>;

export type Place = readonly string[];

/** By what a place is known in a set. */
export function keyOf(at: Place): string {
  return JSON.stringify(at);
}

/** What makes `after` out of `before`, each part by itself; none when they say the same. */
export function changesBetween(before: FlowDocument, after: FlowDocument): DraftChange[] {
  return differences(treeOf(before), treeOf(after), []);
}

/**
 * The draft with the changes done to it, and the places where it holds neither what a change replaces nor what it puts
 * there: those stay as they are. Where things are drawn never collides, the last one to move them wins. The document may
 * break the schema's rules where the changes do.
 */
export function applyChanges(
  document: FlowDocument,
  changes: readonly DraftChange[],
): { document: FlowDocument; collisions: Place[] } {
  const { tree, collisions } = changeTree(treeOf(document), changes);
  return { document: documentOf(tree, [document]), collisions };
}

/** As applyChanges, on the tree. */
export function changeTree<Of extends Tree>(
  before: Of,
  changes: readonly DraftChange[],
): { tree: Of; collisions: Place[] } {
  const collisions = new Map<string, Place>();
  let tree: Tree = before;
  for (const { at, was, to } of changes) {
    const gap = firstGap(tree, at);
    const is = gap === null ? valueAt(tree, at) : undefined;
    if (gap === null && (isSame(is, was) || isPosition(at))) tree = put(tree, at, to);
    else if (gap !== null ? to !== undefined : !isSame(is, to)) {
      const place = gap ?? at;
      collisions.set(keyOf(place), place);
    }
  }
  // Only members that were there, or that the caller put there, are in it.
  return { tree: tree as Of, collisions: [...collisions.values()] };
}

export function valueAt(tree: Tree, at: Place): unknown {
  return at.reduce<unknown>((value, key) => (isTree(value) ? ownMember(value, key) : undefined), tree);
}

/** The tree with a value at a place whose surroundings are there; undefined removes it. */
export function put<Of extends Tree>(tree: Of, [key, ...rest]: Place, value: unknown): Of {
  if (key === undefined) return tree;
  const inner = ownMember(tree, key);
  const next = rest.length === 0 ? value : put(isTree(inner) ? inner : {}, rest, value);
  if (next !== undefined) return { ...tree, [key]: next };
  const { [key]: _gone, ...others } = tree;
  // A tree without one of its named records would not be one: the roots are only ever replaced, never removed.
  return others as Of;
}

function differences(before: unknown, after: unknown, at: Place): DraftChange[] {
  if (before === after) return [];
  if (isTree(before) && isTree(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(ownMember(before, key), ownMember(after, key), [...at, key]));
  }
  if (isSame(before, after)) return [];
  return [
    {
      at: [...at],
      ...(before !== undefined && { was: plain(before) }),
      ...(after !== undefined && { to: plain(after) }),
    },
  ];
}

/** Without members that are undefined, which JSON doesn't know. */
function plain(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** The way to the first part of a place that is not there, or has no members; null when its surroundings are. */
function firstGap(tree: Tree, at: Place): Place | null {
  let value: unknown = tree;
  for (const [index, key] of at.slice(0, -1).entries()) {
    value = isTree(value) ? ownMember(value, key) : undefined;
    if (!isTree(value)) return at.slice(0, index + 1);
  }
  return null;
}

function isPosition([root, , member, more]: Place): boolean {
  return root === 'layout' || (root === 'notes' && member === 'at' && more === undefined);
}

/** Whether two values are the same JSON; a member that is undefined is not there. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [has, had] = [definedMembers(one), definedMembers(other)];
  return has.size === had.size && [...has].every(([key, value]) => had.has(key) && isSame(value, had.get(key)));
}

function definedMembers(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined));
}
