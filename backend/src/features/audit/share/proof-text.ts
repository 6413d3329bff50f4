import {
  type AuditBlock,
  canonicalJson,
  fromHex,
  growTree,
  hashSpans,
  inclusionSpans,
  type NodePlace,
  type Rotation,
  toHex,
} from '@sluice/shared/audit';
import { sha256 } from '../../../journal/seal-key.js';
import type { Cosigned } from '../seal/checkpoint.service.js';
import { nodeName } from '../seal/seal.repository.js';

/** What a file of proven entries says beside its blocks. */
export interface ProofHead {
  /** What is read in the file, and how. */
  format: 'sluice.run/1' | 'sluice.entry/1';
  workspace: string;
  /** The signed note. */
  checkpoint: string;
  /** What a witness cosigned last, with the proof that the checkpoint continues it. */
  cosigned?: Cosigned;
  /** How the log's key came to be the one that signed, the oldest statement first. */
  rotations?: readonly Rotation[];
  /** The id of what is proven. */
  run?: string;
  entry?: string;
  /** Of a run: what the member saw who shared it; an entry `run.shared` holds its hash. */
  view?: unknown;
}

interface ProvenBlock {
  block: AuditBlock;
  /** Leaf in the tree of the checkpoint, and the proof of it (hashes in hex). */
  index: number;
  proof: readonly string[];
  entries: readonly { pos: number; body: string; proof: readonly string[] }[];
}

/**
 * The file's text: canonical, so that each byte of it is bound. `blocks` are texts of their own, by lane (code units), then
 * by number: all at once would hold the process up.
 */
export function proofText(head: ProofHead, blocks: readonly string[]): string {
  // No other name comes before "blocks" in canonical order.
  return `{"blocks":[${blocks.join(',')}],${canonicalJson(head).slice(1)}\n`;
}

/** A block as it stands in the file. */
export function blockText(block: ProvenBlock): string {
  return canonicalJson(block);
}

/** What an entry says of the view that was shared: SHA-256 of its canonical JSON, in hex. */
export function viewHash(view: unknown): string {
  return toHex(sha256(new TextEncoder().encode(canonicalJson(view))));
}

/** Some entries of a block, each with its proof; `leaves` are the hashes of all that the block holds, in hex. */
export function proveEntries(
  entries: readonly { pos: number; body: string }[],
  leaves: readonly string[],
): ProvenBlock['entries'] {
  // Each node once, however many entries.
  const { nodes } = growTree({ size: 0, edge: [], leaves: leaves.map(fromHex) }, sha256);
  const byName = new Map(nodes.map((node) => [nodeName(node), node.hash]));
  const find = (place: NodePlace) => byName.get(nodeName(place));
  return entries.map(({ pos, body }) => ({
    pos,
    body,
    proof: hashSpans(inclusionSpans({ index: pos, size: leaves.length }), find, sha256).map(toHex),
  }));
}
