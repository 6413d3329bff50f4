import { type AuditBlock, exportBlockLine, exportEntryLine, exportHeaderLine } from '@sluice/shared/audit';
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
  const cosigned = seal?.cosigned == null ? {} : { cosigned: seal.cosigned };
  const rotations = seal === null || seal.rotations.length === 0 ? {} : { rotations: seal.rotations };
  yield exportHeaderLine({ workspace, exportedAt, lanes, ...checkpoint, ...cosigned, ...rotations }, sha256);
  for (const range of ranges) {
    for await (const run of repository.blocks(tx, range)) {
      const entries = Map.groupBy(await repository.entriesOf(tx, workspace, run), ({ block }) => Number(block));
      for (const block of run.blocks) yield* blockLines(block, entries.get(block.n) ?? []);
    }
  }
}

function* blockLines(block: AuditBlock, entries: readonly ProofEntry[]): Generator<string> {
  yield exportBlockLine(
    block,
    entries.flatMap(({ pos, leaf, body }): [number, string][] => (body === null ? [[pos, leaf]] : [])),
  );
  for (const { pos, leaf, body } of entries)
    if (body !== null) yield exportEntryLine({ lane: block.lane, n: block.n, pos, body, leaf });
}
