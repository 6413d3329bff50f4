import {
  growTree,
  isRootOf,
  joinSubtrees,
  leafHash,
  openCheckpoint,
  subtreesOf,
  toHex,
  fromHex,
  type TreeNode,
} from '@sluice/shared/audit';
import { sha256, type SealKey, verifyEd25519 } from '../../../journal/seal-key.js';
import { nodeName, type SealedBlock, type SealRepository, type Tx, type UnsealedBlock } from './seal.repository.js';
import { SealTrouble } from './seal-trouble.js';

/** The tree as far as it is sealed. */
export interface TreeState {
  size: number;
  /** Its complete subtrees, left to right. */
  edge: readonly Uint8Array[];
  heads: ReadonlyMap<string, SealedBlock>;
}

/** What stands for a block in the tree. */
export function leafOfBlock(hash: string): Uint8Array {
  return leafHash(fromHex(hash), sha256);
}

/** Reads the stored tree and checks it against its newest checkpoint. Throws SealTrouble. */
export async function loadTree(tx: Tx, { seals, key }: { seals: SealRepository; key: SealKey }): Promise<TreeState> {
  const latest = await seals.latest(tx);
  const heads = new Map((await seals.heads(tx)).map((head) => [head.lane, head]));
  if (latest === null) {
    if (heads.size > 0)
      throw new SealTrouble('The checkpoints of the log were deleted: restore the database from a backup.');
    return { size: 0, edge: [], heads };
  }
  const { size, root, note } = latest;
  const signed = openCheckpoint(note, key.noteKey, { sha256, verify: verifyEd25519 });
  if (signed?.size !== size || toHex(signed.root) !== root)
    throw new SealTrouble(
      `The newest checkpoint of the log (${size} blocks) bears no signature of this installation: put its root key back, or restore the database from a backup.`,
    );
  const places = subtreesOf({ from: 0, to: size });
  const nodes = await seals.nodes(tx, places);
  const edge = places.flatMap((place) => nodes.get(nodeName(place)) ?? []);
  if (edge.length !== places.length || !isRootOf(edge, signed.root, sha256))
    throw new SealTrouble(
      `The stored tree no longer gives the root that its checkpoint of ${size} blocks signed: it was changed; restore the database from a backup.`,
    );
  return { size, edge, heads };
}

/** Takes blocks into the tree. Throws SealTrouble for one that isn't the next of its lane. */
export function growWith(
  state: TreeState,
  blocks: readonly UnsealedBlock[],
): { state: TreeState; nodes: TreeNode[]; root: Uint8Array } {
  const heads = new Map(state.heads);
  for (const block of blocks) {
    const head = heads.get(block.lane);
    const expected = (head?.n ?? -1) + 1;
    if (block.n !== expected)
      throw new SealTrouble(
        `Block ${expected} of lane ${block.lane} is missing from the log: block ${block.n} comes next. Restore it from a backup.`,
      );
    if (head !== undefined && block.prev !== head.hash)
      throw new SealTrouble(
        `Block ${block.n} of lane ${block.lane} does not continue the block before it that was sealed: one of them was changed.`,
      );
    heads.set(block.lane, block);
  }
  const leaves = blocks.map(({ hash }) => leafOfBlock(hash));
  const { nodes, edge } = growTree({ size: state.size, edge: state.edge, leaves }, sha256);
  const root = joinSubtrees(edge, sha256) ?? sha256(new Uint8Array(0));
  return { state: { size: state.size + blocks.length, edge, heads }, nodes, root };
}
