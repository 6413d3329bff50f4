import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';
import { type Sha256, toHex, utf8 } from './hash.js';
import { merkleRoot } from './merkle.js';

/** No block holds more entries than this; it bounds the memory of whoever verifies. */
export const maxBlockEntries = 100_000;

/** What the first block of a lane names as its previous block's hash. */
export const noPreviousHash = '0'.repeat(64);

export const hashTextSchema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash in lower-case hexadecimal');
export const laneSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/, 'the name of a lane');
const countSchema = z.int().min(0);

/** One link of a lane's chain: it fixes its entries by their Merkle root and all blocks before it by `prev`. */
export const auditBlockSchema = z.strictObject({
  lane: laneSchema,
  /** Number in the lane, from 0, without gaps. */
  n: countSchema,
  /** The hash of block n - 1; 64 zeros for block 0. */
  prev: hashTextSchema,
  /** Merkle root of the entries, in the order of their positions. */
  root: hashTextSchema,
  count: z.int().min(1).max(maxBlockEntries),
  /** SHA-256 of the canonical JSON of the other five. */
  hash: hashTextSchema,
});
export type AuditBlock = z.output<typeof auditBlockSchema>;

/** One entry where it lies in the chain. */
export const auditEntrySchema = z.strictObject({
  lane: laneSchema,
  n: countSchema,
  /** Position in the block, from 0. */
  pos: countSchema,
  /** Canonical JSON text: its UTF-8 bytes are exactly what was hashed. */
  body: z.string(),
  /** The leaf hash as it was when written, so that a changed body can be named; the block's root stays the judge. */
  leaf: hashTextSchema.optional(),
});
export type AuditEntry = z.output<typeof auditEntrySchema>;

/** Closes the next block of a lane over the leaf hashes of its entries. Throws a `RangeError` for none or too many. */
export function sealBlock(
  at: Pick<AuditBlock, 'lane' | 'n' | 'prev'>,
  leaves: readonly Uint8Array[],
  sha256: Sha256,
): AuditBlock {
  return closeBlock({ ...at, root: toHex(merkleRoot(leaves, sha256)), count: leaves.length }, sha256);
}

/** The same where the root is known. */
export function closeBlock({ lane, n, prev, root, count }: Omit<AuditBlock, 'hash'>, sha256: Sha256): AuditBlock {
  if (count < 1 || count > maxBlockEntries) {
    throw new RangeError(`A block holds 1 to ${maxBlockEntries} entries, not ${count}.`);
  }
  const content = { lane, n, prev, root, count };
  return { ...content, hash: hashOfContent(content, sha256) };
}

/** Why a block is no link after the previous one of its lane; `previous` is undefined where a reader begins. */
export function findLinkProblem(
  { block, previous }: { block: AuditBlock; previous: AuditBlock | undefined },
  sha256: Sha256,
): string | undefined {
  const { hash, ...content } = block;
  if (hashOfContent(content, sha256) !== hash) return 'was changed: its content no longer matches its hash';
  if (block.n === 0 && block.prev !== noPreviousHash) return 'is the first of its lane but names a block before it';
  if (!previous) return undefined;
  if (block.n !== previous.n + 1) return `follows block ${previous.n}, where block ${previous.n + 1} belongs`;
  if (block.prev !== previous.hash)
    return `does not continue block ${previous.n}: it names another hash as the previous one`;
  return undefined;
}

/** Why the entries (as leaf hashes in order) aren't the ones that a block was sealed over. */
export function findRootProblem(
  { block, leaves }: { block: AuditBlock; leaves: readonly Uint8Array[] },
  sha256: Sha256,
): string | undefined {
  if (leaves.length !== block.count) return `has ${leaves.length} entries where it was sealed over ${block.count}`;
  return toHex(merkleRoot(leaves, sha256)) === block.root
    ? undefined
    : 'was changed: its entries no longer give its root';
}

function hashOfContent(content: Omit<AuditBlock, 'hash'>, sha256: Sha256): string {
  return toHex(sha256(utf8(canonicalJson(content))));
}
