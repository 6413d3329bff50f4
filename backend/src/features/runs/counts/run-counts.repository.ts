import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { RunStatus } from '@sluice/shared/api';
import { type SelectQueryBuilder, Repository } from 'typeorm';
import { firstIdOf } from '../../../platform/database/partitions.js';
import { matching, type RunFilter } from '../matching.js';
import { RunEntity } from '../run.entity.js';

/** A part of time, cut into equal slices. */
export interface Span {
  from: Date;
  to: Date;
  slices: number;
}

/** Of more the times are not sorted: those of the newest say how it is. */
const mostTimed = 10_000;

/** Every question asked of many runs at once. */
@Injectable()
export class RunCountsRepository {
  constructor(@InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>) {}

  /** `slice` from 0. What has no run is left out. */
  async bySlice(
    workspace: string,
    filter: RunFilter,
    span: Span,
  ): Promise<{ slice: number; status: RunStatus; runs: number }[]> {
    const { from, to, slices } = span;
    return await this.within(workspace, filter, span)
      .select(
        `least(floor(extract(epoch from run.started_at - cast(:start as timestamptz)) / cast(:width as float8))::int, cast(:slices as int) - 1)`,
        'slice',
      )
      .addSelect('run.status', 'status')
      .addSelect('count(*)::int', 'runs')
      .setParameters({ start: from, width: (to.getTime() - from.getTime()) / 1000 / slices, slices })
      .groupBy('1')
      .addGroupBy('2')
      .getRawMany();
  }

  /** Those that have not ended, whenever they began. */
  async open(workspace: string, filter: RunFilter): Promise<{ status: RunStatus; runs: number }[]> {
    return await matching(this.runs, workspace, { ...filter, from: undefined, to: undefined })
      .andWhere('run.endedAt is null')
      .select('run.status', 'status')
      .addSelect('count(*)::int', 'runs')
      .groupBy('1')
      .getRawMany();
  }

  /** Milliseconds under which half, and 99 of 100, of the newest that ended stayed; null when none has. */
  async took(workspace: string, filter: RunFilter, span: Span): Promise<{ half: number; most: number } | null> {
    const newest = this.within(workspace, filter, span)
      .andWhere('run.endedAt is not null')
      .select('extract(epoch from run.ended_at - run.started_at)::float8 * 1000', 'took')
      .orderBy('run.startedAt', 'DESC')
      .limit(mostTimed);
    const [sql, values] = newest.getQueryAndParameters();
    const rows: { took: [half: number, most: number] | null }[] = await this.runs.query(
      `select percentile_disc(array[0.5, 0.99]) within group (order by took) as took from (${sql}) newest`,
      values,
    );
    const [{ took } = { took: null }] = rows;
    return took === null ? null : { half: took[0], most: took[1] };
  }

  /** Days without any of it are left alone: an id tells when it was made. */
  private within(workspace: string, filter: RunFilter, { from, to }: Span): SelectQueryBuilder<RunEntity> {
    const query = matching(this.runs, workspace, { ...filter, from: from.toISOString(), to: to.toISOString() });
    return query.andWhere('run.id >= :firstId', { firstId: firstIdOf('run', from) });
  }
}
