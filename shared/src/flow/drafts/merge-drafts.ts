import type { FlowDocument } from '../document.js';
import { everyStep } from '../graph.js';
import { renameStep } from '../operations/rename-step.js';
import { changesBetween, changeTree, isSame, keyOf, type Place, put, valueAt } from './draft-changes.js';
import { documentOf, treeOf } from './draft-tree.js';

/** What two people made of one place of a draft; undefined is nothing, so it was removed or not there yet. */
export interface Collision {
  /** By which it is chosen. */
  key: string;
  at: Place;
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

export interface MergedDrafts {
  document: FlowDocument;
  /** Where the two made different things of one place; the document holds theirs, but where `keep` names mine. */
  collisions: Collision[];
}

/**
 * Theirs with what I changed since `base`. `keep` names the collisions, by key, where mine stands. Two new steps that
 * happen to have one id are two steps: mine gets another.
 */
export function mergeDrafts(
  drafts: { base: FlowDocument; mine: FlowDocument; theirs: FlowDocument },
  keep: ReadonlySet<string> = new Set(),
): MergedDrafts {
  const { base, theirs } = drafts;
  const mine = withOwnIds(drafts);
  if (mine === base) return { document: theirs, collisions: [] };
  const [baseTree, mineTree, theirTree] = [treeOf(base), treeOf(mine), treeOf(theirs)];
  const { tree, collisions } = changeTree(theirTree, changesBetween(base, mine));
  const chosen = collisions
    .filter((at) => keep.has(keyOf(at)))
    .reduce((merged, at) => put(merged, at, valueAt(mineTree, at)), tree);
  return {
    document: documentOf(chosen, [theirs, mine]),
    collisions: collisions.map((at) => ({
      key: keyOf(at),
      at,
      base: valueAt(baseTree, at),
      mine: valueAt(mineTree, at),
      theirs: valueAt(theirTree, at),
    })),
  };
}

function withOwnIds({
  base,
  mine,
  theirs,
}: {
  base: FlowDocument;
  mine: FlowDocument;
  theirs: FlowDocument;
}): FlowDocument {
  const [known, here, there] = [base, mine, theirs].map(
    (document) => new Set([...everyStep(document)].map(({ id }) => id)),
  );
  const taken = new Set([...(known ?? []), ...(here ?? []), ...(there ?? [])]);
  const twice = [...(here ?? [])].filter((id) => !known?.has(id) && there?.has(id) && !isSameStep(mine, theirs, id));
  return twice.reduce((document, id) => {
    const to = freeId(taken, id);
    taken.add(to);
    return renameStep(document, { kind: 'rename-step', id, to });
  }, mine);
}

/** Sent twice, after an answer that was lost, a step is still one. */
function isSameStep(mine: FlowDocument, theirs: FlowDocument, id: string): boolean {
  const [one, other] = [mine, theirs].map((document) => valueAt(treeOf(document).steps, [id]));
  const own = (step: unknown): object => ({ ...Object(step), wires: undefined, holds: undefined });
  return isSame(own(one), own(other));
}

function freeId(taken: ReadonlySet<string>, id: string): string {
  const stem = id.replace(/_?\d+$/, '').slice(0, 58);
  let number = 2;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}
