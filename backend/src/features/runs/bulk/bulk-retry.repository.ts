import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { errorCondition, likeText } from '../error-filter.js';
import { failedForGood, isOwned } from '../letters/dead-letter.js';
import { RunEntity } from '../run.entity.js';
import { BulkRetryEntity } from './bulk-retry.entity.js';

const renewed = `lease_until = clock_timestamp() + interval '30 seconds'`;

/** Every question asked of retries of many runs. */
@Injectable()
export class BulkRetryRepository {
  constructor(
    @InjectRepository(BulkRetryEntity) private readonly retries: Repository<BulkRetryEntity>,
    @InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>,
  ) {}

  async list(
    workspace: string,
    { after, limit, id }: { after: { at: Date; id: string } | null; limit: number; id?: string },
  ): Promise<(BulkRetryEntity & { memberName: string })[]> {
    const query = this.retries
      .createQueryBuilder('retry')
      .select('retry')
      .addSelect('(select m.name from member m where m.id = retry.member_id)', 'name')
      .where('retry.workspaceId = :workspace', { workspace });
    if (id !== undefined) query.andWhere('retry.id = :id', { id });
    if (after !== null) query.andWhere('(retry.startedAt, retry.id) < (:at, :id)', after);
    query.orderBy('retry.startedAt', 'DESC').addOrderBy('retry.id', 'DESC').limit(limit);
    const { entities, raw } = await query.getRawAndEntities<{ name: string | null }>();
    return entities.map((entity, i) => Object.assign(entity, { memberName: raw[i]?.name ?? '' }));
  }

  async add(tx: EntityManager, retry: Partial<BulkRetryEntity>): Promise<void> {
    await tx.insert(BulkRetryEntity, retry);
  }

  /** False: it had ended before, or is another's to end: a carrier says its `lease`. */
  async end(
    tx: EntityManager,
    id: string,
    { status, lease = null }: { status: 'done' | 'cancelled'; lease?: string | null },
  ): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(BulkRetryEntity)
      .set({ status, endedAt: () => 'now()' })
      .where(
        `id = :id and status = 'running' and (cast(:lease as timestamptz) is null or lease_until = cast(:lease as timestamptz))`,
        { id, lease },
      )
      .execute();
    return affected === 1;
  }

  /**
   * One that nobody carries, which the asker carries from now on: the one that waited longest. Its `lease`, a time that no
   * other carrier was given, is what the asker has to show from then on.
   */
  async take(): Promise<{ retry: BulkRetryEntity; lease: string } | null> {
    const [rows] = await this.retries.query<[{ id: string; lease: string }[], number]>(
      `update bulk_retry set ${renewed} where id = (
         select id from bulk_retry where status = 'running' and (lease_until is null or lease_until <= clock_timestamp())
         order by lease_until nulls first, started_at limit 1 for update skip locked) returning id, lease_until::text as lease`,
    );
    const [row] = rows;
    if (row === undefined) return null;
    const retry = await this.retries.findOneBy({ id: row.id });
    return retry === null ? null : { retry, lease: row.lease };
  }

  /** Counts a run that was looked at; the lease from now on, null once it was cancelled or another carries it. */
  async advance(
    id: string,
    run: Pick<RunEntity, 'id' | 'startedAt'>,
    { did, lease }: { did: 'retried' | 'left'; lease: string },
  ): Promise<string | null> {
    const column = did === 'retried' ? 'retried' : 'left_over';
    const [rows] = await this.retries.query<[{ lease: string }[], number]>(
      `update bulk_retry set ${column} = ${column} + 1, after_at = $2, after_id = $3, ${renewed}
       where id = $1 and status = 'running' and lease_until = $4 returning lease_until::text as lease`,
      [id, run.startedAt, run.id, lease],
    );
    return rows[0]?.lease ?? null;
  }

  /** Lets another round take it at once, after those that wait already. */
  async release(id: string, lease: string): Promise<void> {
    await this.retries.query(
      'update bulk_retry set lease_until = clock_timestamp() where id = $1 and lease_until = $2',
      [id, lease],
    );
  }

  /** The next runs that match, from the newest to the oldest of those that were there when it began. */
  async next(retry: BulkRetryEntity, limit: number): Promise<RunEntity[]> {
    return await this.matching(retry).limit(limit).getMany();
  }

  async count(retry: Pick<BulkRetryEntity, 'workspaceId' | 'environment' | 'filter' | 'startedAt'>): Promise<number> {
    return await this.matching({ ...retry, afterAt: null, afterId: null }).getCount();
  }

  /** Whether somebody tried a run again since; those that somebody had tried before match no more. */
  async isRetried(run: string, since: Date): Promise<boolean> {
    return await this.runs
      .createQueryBuilder('run')
      .where('run.retryOf = :run and run.startedAt >= :since', { run, since })
      .getExists();
  }

  private matching({
    workspaceId,
    environment,
    filter,
    startedAt,
    afterAt,
    afterId,
  }: Pick<BulkRetryEntity, 'workspaceId' | 'environment' | 'filter' | 'startedAt' | 'afterAt' | 'afterId'>) {
    const { status, flow, owner, from, to, error, key } = filter;
    const query = this.runs
      .createQueryBuilder('run')
      .where('run.workspaceId = :workspaceId and run.environment = :environment', { workspaceId, environment })
      .andWhere(status === undefined ? failedForGood : 'run.status = :status and run.closedAt is null', { status })
      .andWhere('run.startedAt <= :startedAt', { startedAt })
      // A trial is no run of a version. What was tried again did its effects anew, or waits for its own retry.
      .andWhere('run.version > 0')
      .andWhere('not exists (select from run again where again.retry_of = run.id and again.started_at < :startedAt)');
    if (flow !== undefined) query.andWhere('run.flowId = :flow', { flow });
    if (owner !== undefined) query.andWhere(isOwned, { owner });
    if (from !== undefined) query.andWhere('run.startedAt >= :from', { from });
    if (to !== undefined) query.andWhere('run.startedAt < :to', { to });
    if (error !== undefined) query.andWhere(errorCondition, { error: likeText(error) });
    if (key !== undefined) query.andWhere('run.key = :key', { key });
    if (afterAt !== null) query.andWhere('(run.startedAt, run.id) < (:afterAt, :afterId)', { afterAt, afterId });
    return query.orderBy('run.startedAt', 'DESC').addOrderBy('run.id', 'DESC');
  }
}
