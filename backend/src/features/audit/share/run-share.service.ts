import { Injectable } from '@nestjs/common';
import type { Reply, runsApi } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import { type Actor, assertMay } from '../../../platform/actor.js';
import { sinceRun } from '../../../platform/database/partitions.js';
import { Problem } from '../../../platform/problem.js';
import { memberEntry } from '../../member-entry.js';
import { RunsService } from '../../runs/runs.service.js';
import { AuditRepository } from '../audit.repository.js';
import { EntryProofs } from './entry-proofs.service.js';
import { viewHash } from './proof-text.js';

/** Of one file: some ten megabytes, and a second or two of hashing beside everything else. */
const mostEntries = 5000;

/** One run as a file with its proof. The log says who shared what before anybody has it. */
@Injectable()
export class RunShareService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunsService,
    private readonly journal: Journal,
    private readonly audit: AuditRepository,
    private readonly proofs: EntryProofs,
  ) {}

  /** Throws `run.unknown`, `access.denied`, `run.too_long_to_share`, `audit.unsealed`. */
  async share(actor: Actor, id: string): Promise<Reply<typeof runsApi.share>> {
    // The file leaves the house: all of it masked, whatever its environment shows inside.
    const seen = await this.runs.get(actor, id, { production: true });
    assertMay(actor, 'runs.read', seen.environment);
    assertMay(actor, 'audit.read', seen.environment);
    const run = { workspace: actor.workspace, run: id, since: sinceRun(id) };
    if ((await this.audit.countOfRun(run, mostEntries)) >= mostEntries) throw new Problem('run.too_long_to_share');
    // As it stands in an answer: without what is undefined.
    const view: unknown = JSON.parse(JSON.stringify(seen));
    const entry = memberEntry(actor, 'run.shared', {
      subject: { kind: 'run', id },
      environment: seen.environment,
      detail: { view: viewHash(view) },
    });
    const [shared = ''] = await this.dataSource.transaction((tx) => this.journal.record(tx, [{ ...entry, run: id }]));
    await this.proofs.seal(() => this.audit.isSealed({ ...run, entry: shared }));
    const { workspace } = run;
    const content = await this.audit.inSnapshot(async (tx) =>
      this.proofs.textOf(
        tx,
        { format: 'sluice.run/1', run: id, workspace, view },
        await this.audit.entriesOfRun(tx, run),
      ),
    );
    return { name: `sluice-${id}.json`, content };
  }
}
