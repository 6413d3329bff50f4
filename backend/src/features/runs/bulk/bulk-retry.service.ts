import { Injectable } from '@nestjs/common';
import type { BulkRetry, RetryFilter } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import { type Actor, assertMay } from '../../../platform/actor.js';
import { Changes } from '../../../platform/changes.js';
import { Clock } from '../../../platform/clock.js';
import { isDatabaseAway } from '../../../platform/database/is-database-away.js';
import { MemberLookup } from '../../../platform/http/access.guard.js';
import { readTimeCursor, timeCursor } from '../../../platform/http/time-cursor.js';
import { newId } from '../../../platform/ids.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { KeyServiceAway } from '../../../platform/keys/key-service.js';
import { Log } from '../../../platform/log.js';
import { Problem } from '../../../platform/problem.js';
import { memberEntry } from '../../member-entry.js';
import { withStoredKey } from '../key-filter.js';
import { RunsService } from '../runs.service.js';
import type { BulkRetryEntity } from './bulk-retry.entity.js';
import { BulkRetryRepository } from './bulk-retry.repository.js';

const runsAtATime = 20;

/** Tries many runs again, each as one person would: in the name and with the rights of whoever asked. */
@Injectable()
export class BulkRetryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly retries: BulkRetryRepository,
    private readonly runs: RunsService,
    private readonly members: MemberLookup,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Throws `access.denied`. */
  async start(
    actor: Actor,
    {
      environment,
      filter,
      from,
      version,
    }: { filter: RetryFilter } & Pick<BulkRetry, 'environment' | 'from' | 'version'>,
  ): Promise<BulkRetry> {
    assertMay(actor, 'runs.operate', environment);
    const id = newId('bulkRetry');
    const retry = {
      id,
      workspaceId: actor.workspace,
      environment,
      filter: await withStoredKey(this.keyring, actor.workspace, filter),
      from,
      version,
      startedAt: this.clock.date(),
    };
    const total = await this.retries.count(retry);
    await this.dataSource.transaction(async (tx) => {
      await this.retries.add(tx, { ...retry, memberId: actor.member, status: 'running', total });
      const detail = { status: filter.status ?? 'dead letter', flow: filter.flow ?? null, from, version, runs: total };
      const subject = { kind: 'bulk retry', id };
      await this.journal.record(tx, [memberEntry(actor, 'runs.retry_started', { subject, environment, detail })]);
    });
    return await this.get(actor.workspace, id);
  }

  async list(
    workspace: string,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<{ items: BulkRetry[]; next: string | null }> {
    const rows = await this.retries.list(workspace, { after: readTimeCursor(cursor), limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows.map(toReply), next: last === undefined ? null : timeCursor(last.startedAt, last.id) };
  }

  /** What began goes on. Throws `bulk_retry.unknown`. */
  async cancel(actor: Actor, id: string): Promise<BulkRetry> {
    const { environment } = await this.get(actor.workspace, id);
    assertMay(actor, 'runs.operate', environment);
    await this.dataSource.transaction(async (tx) => {
      if (!(await this.retries.end(tx, id, { status: 'cancelled' }))) return;
      const subject = { kind: 'bulk retry', id };
      await this.journal.record(tx, [memberEntry(actor, 'runs.retry_cancelled', { subject, environment })]);
    });
    return await this.get(actor.workspace, id);
  }

  /** Carries one on by some runs; false when there is none to carry, or nothing can be tried at the moment. */
  async carry(): Promise<boolean> {
    const taken = await this.retries.take();
    if (taken === null) return false;
    const { retry } = taken;
    let { lease } = taken;
    const actor = await this.members.findActor(retry.memberId, newId('request'));
    // Whoever left, or lost his rights, tries nothing again.
    if (actor === null) return await this.end(retry, { status: 'cancelled', lease });
    const runs = await this.retries.next(retry, runsAtATime);
    for (const run of runs) {
      const did = await this.retryOne(actor, retry, run.id);
      if (did === 'later') {
        await this.retries.release(retry.id, lease);
        return false;
      }
      const kept = await this.retries.advance(retry.id, run, { did, lease });
      // Cancelled, or so slow that another carries it.
      if (kept === null) return true;
      lease = kept;
    }
    if (runs.length < runsAtATime) return await this.end(retry, { status: 'done', lease });
    await this.retries.release(retry.id, lease);
    this.changes.publish('runs', [retry.id]);
    return true;
  }

  private async end(
    retry: BulkRetryEntity,
    { status, lease }: { status: 'done' | 'cancelled'; lease: string },
  ): Promise<boolean> {
    const { id, workspaceId: workspace, environment, memberId } = retry;
    await this.dataSource.transaction(async (tx) => {
      if (!(await this.retries.end(tx, id, { status, lease }))) return;
      await this.journal.record(tx, [
        {
          workspace,
          actor: { kind: 'system', id: 'bulk-retry' },
          action: 'runs.retry_ended',
          subject: { kind: 'bulk retry', id },
          environment,
          detail: { status, member: memberId },
        },
      ]);
    });
    this.changes.publish('runs', [id]);
    return true;
  }

  private async retryOne(actor: Actor, retry: BulkRetryEntity, run: string): Promise<'retried' | 'left' | 'later'> {
    // By a process that died between the run and the count, or by a person meanwhile.
    if (await this.retries.isRetried(run, retry.startedAt)) return 'retried';
    try {
      await this.runs.retry(actor, run, { from: retry.from, version: retry.version, repeat: [] });
      return 'retried';
    } catch (error) {
      if (isAway(error)) return 'later';
      // What is wrong with one run holds up none of the others.
      if (!(error instanceof Problem)) this.log.warn('a run could not be tried again', { run, error });
      return 'left';
    }
  }

  private async get(workspace: string, id: string): Promise<BulkRetry> {
    const [row] = await this.retries.list(workspace, { after: null, limit: 1, id });
    if (row === undefined) throw new Problem('bulk_retry.unknown');
    return toReply(row);
  }
}

/** Whether it is what every run needs that fails, and will not for ever: no place, no keys, no database. */
function isAway(error: unknown): boolean {
  return isDatabaseAway(error) || error instanceof KeyServiceAway || (error instanceof Problem && error.status > 500);
}

function toReply(row: BulkRetryEntity & { memberName: string }): BulkRetry {
  const { id, environment, filter, from, version, status, total, retried, left, memberId, memberName } = row;
  return {
    id,
    environment,
    filter,
    from,
    version,
    status,
    total,
    retried,
    left,
    by: { id: memberId, name: memberName },
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
