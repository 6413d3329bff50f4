import { Injectable } from '@nestjs/common';
import { auditEntryBodySchema } from '@sluice/shared/audit';
import { type auditApi, type AuditEntry, environmentsWith, type Reply } from '@sluice/shared/api';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMayEverywhere } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { readTimeCursor, tellRest } from '../../platform/http/time-cursor.js';
import { memberEntry } from '../member-entry.js';
import type { AuditEntryEntity } from './audit-entry.entity.js';
import { exportLines } from './audit-export.js';
import { CheckpointService } from './seal/checkpoint.service.js';
import { SealerService } from './seal/sealer.service.js';
import { WitnessService } from './seal/witness.service.js';
import { type AuditFilter, AuditRepository, type AuditScope } from './audit.repository.js';

/** Reading the log; searching and exporting are entries themselves. */
@Injectable()
export class AuditService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditRepository,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly sealer: SealerService,
    private readonly checkpoints: CheckpointService,
    private readonly witness: WitnessService,
  ) {}

  async list(
    actor: Actor,
    filter: AuditFilter,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<Reply<typeof auditApi.list>> {
    const { rows, ...rest } = await this.audit.list(scopeOf(actor), filter, {
      after: readTimeCursor(cursor),
      limit,
      now: this.clock.now(),
    });
    // Turning pages and watching without a filter is looking, not searching.
    const searched = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    if (cursor === undefined && Object.keys(searched).length > 0) await this.record(actor, 'audit.searched', searched);
    const flows = await this.audit.flowsOf(actor.workspace, rows);
    return { items: rows.map((row) => toReply(row, flows)), ...tellRest(rest) };
  }

  /** Writes the export as it is read; the log may be longer than memory. */
  async export(actor: Actor, out: Writable): Promise<void> {
    assertMayEverywhere(actor, 'audit.read');
    await this.record(actor, 'audit.exported', {});
    // So that the checkpoint covers it; where the seal has stopped, the export says what was signed before.
    await this.sealer.seal().catch(() => undefined);
    await this.witness.cosign();
    await this.audit.inSnapshot(async (tx) => {
      const ranges = await this.audit.lanes(tx);
      for await (const line of exportLines(this.audit, tx, {
        workspace: actor.workspace,
        exportedAt: this.clock.iso(),
        ranges,
        seal: await this.checkpoints.ofExport(tx, ranges),
      })) {
        if (!out.write(`${line}\n`)) await Promise.race([once(out, 'drain'), once(out, 'close')]);
        if (out.destroyed) return;
      }
    });
  }

  async recordVerification(actor: Actor, ok: boolean): Promise<void> {
    await this.record(actor, 'audit.verified', { ok });
  }

  private async record(actor: Actor, action: string, detail: NonNullable<NewEntry['detail']>): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await this.journal.record(tx, [memberEntry(actor, action, { detail })]);
    });
  }
}

/** Whoever reads the log of some environments sees what happened there, and nothing that happened in none. */
export function scopeOf(actor: Actor): AuditScope {
  return { workspace: actor.workspace, environments: environmentsWith(actor, 'audit.read') };
}

function toReply(row: AuditEntryEntity, flows: ReadonlyMap<string, { id: string; name: string }>): AuditEntry {
  const body = auditEntryBodySchema.parse(JSON.parse(row.body));
  const { workspace: _, subject, ...rest } = body;
  const flow = flows.get(row.runId ?? '') ?? flows.get(row.subject ?? '');
  return {
    ...rest,
    ...(flow !== undefined && { flow }),
    subject: subject ?? null,
    lane: row.lane,
    block: Number(row.block),
    position: row.pos,
  };
}
