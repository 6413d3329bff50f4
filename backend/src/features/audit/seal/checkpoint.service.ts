import { Injectable } from '@nestjs/common';
import type { auditApi, Reply } from '@sluice/shared/api';
import { type ExportLane, writeNoteKey } from '@sluice/shared/audit';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../../../platform/problem.js';
import type { LaneRange } from '../audit.repository.js';
import { sha256 } from '../../../journal/seal-key.js';
import { SealRepository } from './seal.repository.js';
import { SealerService } from './sealer.service.js';
import { TreeProofs } from './tree-proofs.js';

/** What an export says of the seal. */
export interface ExportSeal {
  checkpoint: string;
  lanes: Readonly<Record<string, NonNullable<ExportLane['sealed']>>>;
}

/** Checkpoints and proofs, for whoever keeps or checks them elsewhere. */
@Injectable()
export class CheckpointService {
  constructor(
    private readonly seals: SealRepository,
    private readonly proofs: TreeProofs,
    private readonly sealer: SealerService,
    private readonly dataSource: DataSource,
  ) {}

  /** The newest checkpoint, and the proof that it continues the one of `from` blocks. Throws `checkpoint.none`, `checkpoint.ahead`. */
  async newest(from: number | undefined): Promise<Reply<typeof auditApi.checkpoint>> {
    return await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const { noteKey } = await this.sealer.signer(tx);
      const latest = await this.seals.latest(tx);
      if (latest === null) throw new Problem('checkpoint.none');
      const { note, size, at } = latest;
      if (from !== undefined && from > size) throw new Problem('checkpoint.ahead');
      const proof = from === undefined ? [] : await this.proofs.ofConsistency(tx, { oldSize: from, size });
      return {
        note,
        key: writeNoteKey(noteKey, sha256),
        size,
        at: at.toISOString(),
        stoppedBy: this.sealer.stoppedBy,
        consistency: from === undefined ? null : { from, proof },
      };
    });
  }

  /** The newest checkpoint, and of each lane the last block that it covers with its proof; null: nothing is sealed. */
  async ofExport(tx: EntityManager, ranges: readonly LaneRange[]): Promise<ExportSeal | null> {
    const latest = await this.seals.latest(tx);
    if (latest === null) return null;
    const { size, note } = latest;
    const lanes: Record<string, NonNullable<ExportLane['sealed']>> = {};
    for (const { lane, first, n: last } of ranges) {
      const leaf = await this.seals.leafOf(tx, { lane, n: last, size });
      if (leaf === null || leaf.n < first) continue;
      const { n, index } = leaf;
      lanes[lane] = { n, index, proof: await this.proofs.ofInclusion(tx, { index, size }) };
    }
    return { checkpoint: note, lanes };
  }
}
