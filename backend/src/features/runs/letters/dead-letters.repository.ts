import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { matching, type RunFilter } from '../matching.js';
import { RunEntity } from '../run.entity.js';
import { isClosedLetter, isOpenLetter } from './dead-letter.js';

/** Who closed a run, and why. */
export interface Closing {
  at: Date;
  member: string;
  reason: string;
}

interface Change {
  workspace: string;
  filter: RunFilter;
  /** Of the one run that is meant. */
  id: string | undefined;
  closing: Closing | null;
  limit: number;
}

/** Every question asked of dead letters, but for their list, which is the runs'. */
@Injectable()
export class DeadLettersRepository {
  constructor(@InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>) {}

  /** Of at most so many, the newest: all, and those of flows that a member owns or stands in for. */
  async count(workspace: string, { member, limit }: { member: string; limit: number }) {
    const newest = matching(this.runs, workspace, { letter: 'open' })
      .select('run.flow_id', 'flow_id')
      .orderBy('run.startedAt', 'DESC')
      .limit(limit);
    const [sql, values] = newest.getQueryAndParameters();
    const own = `$${values.length + 1}`;
    const rows: { open: number; mine: number }[] = await this.runs.query(
      `select count(*)::int as open, (count(*) filter (where flow_id in (
         select id from flow where owner_id = ${own} union all select flow_id from flow_deputy where member_id = ${own})))::int as mine
       from (${sql}) newest`,
      [...values, member],
    );
    return rows[0] ?? { open: 0, mine: 0 };
  }

  /** Closes open ones that match, or opens closed ones (`closing` null): at most `limit`, newest first. */
  async change(
    tx: EntityManager,
    { workspace, filter, id, closing, limit }: Change,
  ): Promise<{ ids: string[]; isMore: boolean }> {
    const letter = closing === null ? 'closed' : 'open';
    const query = matching(tx.getRepository(RunEntity), workspace, { ...filter, letter })
      .select('run.id', 'id')
      .orderBy('run.startedAt', 'DESC')
      .addOrderBy('run.id', 'DESC')
      .limit(limit);
    if (id !== undefined) query.andWhere('run.id = :id', { id });
    const found = await query.getRawMany<{ id: string }>();
    const ids = found.map((row) => row.id).toSorted();
    // Asked once more, since another may have dealt with one meanwhile. The first and the last id say which days to open.
    const [rows] = await tx.query<[{ id: string }[], number]>(
      `update run set closed_at = $4, closed_by = $5, closed_reason = $6
       where id = any($1) and id between $2 and $3 and ${closing === null ? isClosedLetter : isOpenLetter} returning id`,
      [ids, ids[0] ?? '', ids.at(-1) ?? '', closing?.at ?? null, closing?.member ?? null, closing?.reason ?? null],
    );
    return { ids: rows.map((row) => row.id), isMore: found.length === limit };
  }
}
