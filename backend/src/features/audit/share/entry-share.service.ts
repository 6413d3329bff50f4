import { Injectable } from '@nestjs/common';
import type { auditApi, Reply } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import type { Actor } from '../../../platform/actor.js';
import { Problem } from '../../../platform/problem.js';
import { memberEntry } from '../../member-entry.js';
import { AuditRepository } from '../audit.repository.js';
import { scopeOf } from '../audit.service.js';
import { SealRepository } from '../seal/seal.repository.js';
import { EntryProofs } from './entry-proofs.service.js';

/** One entry with the way from it to a signed checkpoint, to be read and as a file. The log says first who asked. */
@Injectable()
export class EntryShareService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly journal: Journal,
    private readonly audit: AuditRepository,
    private readonly seals: SealRepository,
    private readonly proofs: EntryProofs,
  ) {}

  /** Throws `entry.unknown`, `audit.unsealed`. */
  async prove(actor: Actor, id: string): Promise<Reply<typeof auditApi.proof>> {
    const { workspace } = actor;
    const placed = await this.audit.findEntry(scopeOf(actor), id);
    if (placed === null) throw new Problem('entry.unknown');
    await this.dataSource.transaction((tx) =>
      this.journal.record(tx, [memberEntry(actor, 'audit.proven', { subject: { kind: 'entry', id } })]),
    );
    await this.proofs.seal(async () => (await this.seals.leafAt(placed)) !== null);
    return await this.audit.inSnapshot(async (tx) => {
      const { lane, n, pos } = placed;
      const [block, latest] = [await this.audit.findBlock(tx, { lane, n }), await this.seals.latest(tx)];
      const leaf = latest && (await this.seals.leafOf(tx, { lane, n, size: latest.size }));
      if (block === null || latest === null || leaf?.n !== n) throw new Problem('audit.unsealed');
      const witness = await this.seals.lastWitnessed(tx);
      const content = await this.proofs.textOf(tx, { format: 'sluice.entry/1', entry: id, workspace }, [placed]);
      return {
        block: { lane, n, hash: block.hash, count: block.count, index: leaf.index },
        position: pos,
        checkpoint: { size: latest.size, at: latest.at.toISOString() },
        witness: witness && { name: witness.name, size: witness.size, at: witness.at.toISOString() },
        file: { name: `sluice-${id}.json`, content },
      };
    });
  }
}
