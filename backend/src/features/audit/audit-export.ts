import {
  type AuditBlock,
  exportBlockLine,
  exportEntryLine,
  exportHeaderLine,
  leafHash,
  toHex,
} from '@sluice/shared/audit';
import { hash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AuditRepository, LaneRange, ProofEntry } from './audit.repository.js';

export function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

/** The export of a workspace, line by line; `ranges` as `repository.lanes` gives them, or their newer part. */
export async function* exportLines(
  repository: AuditRepository,
  tx: EntityManager,
  { workspace, exportedAt, ranges }: { workspace: string; exportedAt: string; ranges: readonly LaneRange[] },
): AsyncGenerator<string> {
  const lanes = Object.fromEntries(ranges.map(({ lane, first, n, hash: last }) => [lane, { first, n, hash: last }]));
  yield exportHeaderLine({ workspace, exportedAt, lanes }, sha256);
  for (const range of ranges) {
    for await (const run of repository.blocks(tx, range)) {
      const entries = Map.groupBy(await repository.entriesOf(tx, run), ({ block }) => Number(block));
      for (const block of run.blocks) yield* blockLines(block, entries.get(block.n) ?? [], workspace);
    }
  }
}

function* blockLines(block: AuditBlock, entries: readonly ProofEntry[], workspace: string): Generator<string> {
  const leaves = entries.map(({ body }) => toHex(leafHash(Buffer.from(body), sha256)));
  const isOwn = (entry: ProofEntry) => entry.workspaceId === workspace;
  yield exportBlockLine(
    block,
    entries.flatMap((entry, at): [number, string][] => (isOwn(entry) ? [] : [[entry.pos, leaves[at] ?? '']])),
  );
  for (const [at, entry] of entries.entries()) {
    const leaf = leaves[at];
    if (isOwn(entry) && leaf !== undefined)
      yield exportEntryLine({ lane: block.lane, n: block.n, pos: entry.pos, body: entry.body, leaf });
  }
}
