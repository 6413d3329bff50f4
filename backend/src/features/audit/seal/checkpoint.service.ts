import { Injectable } from '@nestjs/common';
import type { auditApi, Reply } from '@sluice/shared/api';
import { type ExportHeader, type ExportLane, type Rotation, writeNoteKey } from '@sluice/shared/audit';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../../../platform/problem.js';
import type { LaneRange } from '../audit.repository.js';
import { sha256 } from '../../../journal/seal-key.js';
import { SealRepository, type Witnessed } from './seal.repository.js';
import { lastSelfCheck, type SelfCheck } from './self-check-rows.js';
import { SealerService } from './sealer.service.js';
import { TreeProofs } from './tree-proofs.js';

/** What an export says of the seal. */
export interface ExportSeal {
  checkpoint: string;
  cosigned: Cosigned | null;
  rotations: Rotation[];
  lanes: Readonly<Record<string, NonNullable<ExportLane['sealed']>>>;
}

export type Cosigned = NonNullable<ExportHeader['cosigned']>;

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
        rotations: await this.rotations(tx, size),
        selfCheck: checkReply(await lastSelfCheck(tx)),
        witness: toReply(await this.witnessed(tx, size)),
      };
    });
  }

  /** What a witness cosigned last, and the proof that the checkpoint of `size` blocks continues it; null: nothing. */
  async cosigned(tx: EntityManager, size: number): Promise<Cosigned | null> {
    const last = await this.witnessed(tx, size);
    return last === null ? null : { checkpoint: last.note, proof: last.proof };
  }

  /** How the key came to be the one that signed the checkpoint of `size` blocks, the oldest statement first. */
  async rotations(tx: EntityManager, size: number): Promise<Rotation[]> {
    const rotations: Rotation[] = [];
    for (const { statement, size: oldSize } of await this.seals.rotations(tx))
      if (oldSize <= size) rotations.push({ statement, proof: await this.proofs.ofConsistency(tx, { oldSize, size }) });
    return rotations;
  }

  private async witnessed(tx: EntityManager, size: number): Promise<(Witnessed & { proof: string[] }) | null> {
    const last = await this.seals.lastWitnessed(tx);
    // One of a log that was longer once: nothing continues it.
    if (last === null || last.size > size) return null;
    return { ...last, proof: await this.proofs.ofConsistency(tx, { oldSize: last.size, size }) };
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
    const [cosigned, rotations] = [await this.cosigned(tx, size), await this.rotations(tx, size)];
    return { checkpoint: note, cosigned, rotations, lanes };
  }
}

function checkReply(last: SelfCheck | null): Reply<typeof auditApi.checkpoint>['selfCheck'] {
  return last && { at: last.at.toISOString(), blocks: last.blocks, entries: last.entries };
}

function toReply(last: (Witnessed & { proof: string[] }) | null): Reply<typeof auditApi.checkpoint>['witness'] {
  if (last === null) return null;
  const { name, size, at, note, proof } = last;
  return { name, size, at: at.toISOString(), note, proof };
}
