import {
  type AuditBlock,
  exportBlockLine,
  exportEntryLine,
  exportHeaderLine,
  leafHash,
  toHex,
} from '@sluice/shared/audit';
import type { EntityManager } from 'typeorm';
import type { ExportSeal } from './seal/checkpoint.service.js';
import { sha256 } from '../../journal/seal-key.js';
import type { AuditRepository, LaneRange, ProofEntry } from './audit.repository.js';

/** The export of a workspace, line by line; `ranges` as `repository.lanes` gives them, or their newer part. */
export async function* exportLines(
  repository: AuditRepository,
  tx: EntityManager,
  {
    workspace,
    exportedAt,
    ranges,
    seal = null,
  }: { workspace: string; exportedAt: string; ranges: readonly LaneRange[]; seal?: ExportSeal | null },
): AsyncGenerator<string> {
  const lanes = Object.fromEntries(
    ranges.map(({ lane, first, n, hash: last }) => {
      const sealed = seal?.lanes[lane];
      return [lane, { first, n, hash: last, ...(sealed === undefined ? {} : { sealed }) }];
    }),
  );
  const checkpoint = seal === null ? {} : { checkpoint: seal.checkpoint };
  yield exportHeaderLine({ workspace, exportedAt, lanes, ...checkpoint }, sha256);
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
