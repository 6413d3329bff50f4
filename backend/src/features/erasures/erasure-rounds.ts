import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { allowsIn } from '@sluice/shared/api';
import type { NewEntry } from '../../journal/records.js';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { Changes } from '../../platform/changes.js';
import { inTransaction } from '../../platform/database/in-transaction.js';
import { MemberLookup } from '../../platform/http/access.guard.js';
import { newId } from '../../platform/ids.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { openText } from '../../platform/keys/sealing.js';
import { Log } from '../../platform/log.js';
import { Rounds } from '../../platform/rounds.js';
import { blobStore, databasePool } from '../../platform/tokens.js';
import { enterWorkspace, inNewScope } from '../../platform/workspace-scope.js';
import { eraseFinding } from './erase-finding.js';
import { ErasureJobs, type Finding, type Job } from './erasure-jobs.js';
import { ErasureLooks } from './erasure-looks.js';
import { placeOfValue } from './value-place.js';

const atATime = 20;

/** Carries searches for a person's data and their erasing on, in every process that serves the API; each is carried by one at a time. */
@Injectable()
export class ErasureRounds extends Rounds {
  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    @Inject(blobStore) private readonly blobs: BlobStore | null,
    private readonly jobs: ErasureJobs,
    private readonly looks: ErasureLooks,
    private readonly members: MemberLookup,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly changes: Changes,
    log: Log,
  ) {
    super(log, 'a search for a person’s data waits for the next round');
  }

  /** Carries one on by some runs; false when there is none to carry. */
  async carry(): Promise<boolean> {
    const job = await this.jobs.take();
    if (job === null) return false;
    const actor = await this.actorOf(job);
    // Whoever left, or lost the right, looks for nothing any more.
    if (actor === null || !allowsIn(actor, 'data.erase', job.environment)) await this.end(job, 'cancelled');
    else if (job.status === 'searching') await this.search(job);
    else await this.erase(job);
    return true;
  }

  private async actorOf({ workspace, member, confirmedBy }: Job): Promise<Actor | null> {
    return await inNewScope(async () => {
      enterWorkspace(workspace);
      return await this.members.findActor(confirmedBy ?? member, newId('request'));
    });
  }

  private async search(job: Job): Promise<void> {
    const keys = await this.keyring.refresh({ ...placeOfValue(job), purpose: 'payload' });
    const value = openText(keys, job.valueSealed, placeOfValue(job));
    const { looked, found } = await this.looks.runs(job, value, atATime);
    const isLast = looked.length < atATime;
    if (isLast) found.push(...(await this.looks.deliveries(job, value)), ...(await this.looks.states(job, value)));
    const lease = await this.jobs.advance(job, { looked, found });
    // Cancelled, or so slow that another carries it.
    if (lease === null) return;
    if (isLast) await this.end({ ...job, lease }, 'found');
    else await this.jobs.release({ ...job, lease });
  }

  private async erase(job: Job): Promise<void> {
    const findings = await this.jobs.left(job, atATime);
    let { lease } = job;
    for (const finding of findings) {
      const done = await inTransaction(this.pool, async (tx) => await this.eraseOne(tx, { ...job, lease }, finding));
      // Cancelled, or so slow that another carries it.
      if (done === null) return;
      lease = done.lease;
      // Their keys are gone already: one that stays behind can be opened by nobody.
      for (const blob of done.blobs) await this.blobs?.remove(blob);
      if (finding.kind === 'run') this.changes.publish('runs', [finding.id]);
    }
    if (findings.length < atATime) await this.end({ ...job, lease }, 'done');
    else await this.jobs.release({ ...job, lease });
  }

  private async eraseOne(
    tx: pg.PoolClient,
    job: Job,
    finding: Finding,
  ): Promise<{ lease: string; blobs: string[] } | null> {
    const lease = await this.jobs.advanceErasing(tx, job, finding);
    if (lease === null) return null;
    const blobs = await eraseFinding(tx, { erasure: job.id, environment: job.environment, finding });
    if (blobs !== null) {
      const { kind, id } = finding;
      const entry = this.entry(job, `${kind}.erased`, { kind, id });
      await this.journal.record(tx, [kind === 'run' ? { ...entry, run: id } : entry]);
    }
    return { lease, blobs: blobs ?? [] };
  }

  private async end(job: Job, status: 'found' | 'done' | 'cancelled'): Promise<void> {
    const counts = await this.jobs.counts(job.id);
    await inTransaction(this.pool, async (tx) => {
      if (!(await this.jobs.end(tx, job, status))) return;
      const entry = this.entry(job, 'erasure.ended', { kind: 'erasure', id: job.id });
      await this.journal.record(tx, [{ ...entry, detail: { status, ...counts } }]);
    });
  }

  private entry(
    { id, workspace, environment, member, confirmedBy }: Job,
    action: string,
    subject: { kind: string; id: string },
  ): NewEntry {
    const detail = { erasure: id, member: confirmedBy ?? member };
    return { workspace, actor: { kind: 'system', id: 'erasure' }, action, subject, environment, detail };
  }
}
