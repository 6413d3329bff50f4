import { Inject, Injectable } from '@nestjs/common';
import type { Erasure, ErasureFinding } from '@sluice/shared/api';
import type pg from 'pg';
import { databasePool } from '../../platform/tokens.js';

export interface LookedAt {
  id: string;
  started_at: Date;
}

export interface Range {
  workspace: string;
  environment: string;
  from: Date;
  to: Date;
  /** The last run that was looked at. */
  after: { at: Date; id: string } | null;
}

export interface Finding extends Pick<ErasureFinding, 'kind' | 'id' | 'places' | 'isOpen'> {
  flow: string | null;
  at: Date;
}

export interface Job extends Range {
  id: string;
  /** The last place that it tried to erase; empty before the first. */
  tried: string;
  member: string;
  confirmedBy: string | null;
  valueSealed: string;
  status: Erasure['status'];
  /** What its carrier has to show: a time that no other was given. */
  lease: string;
}

const renewed = `lease_until = clock_timestamp() + interval '60 seconds'`;

/** Searches and erasings that somebody has to carry on, in all workspaces: with the program's own rights. */
@Injectable()
export class ErasureJobs {
  constructor(@Inject(databasePool) private readonly pool: pg.Pool) {}

  /** One that nobody carries, which the asker carries from now on: the one that waited longest. */
  async take(): Promise<Job | null> {
    const { rows } = await this.pool.query(
      `update erasure set ${renewed} where id = (
         select id from erasure where status in ('searching', 'erasing') and (lease_until is null or lease_until <= clock_timestamp())
         order by lease_until nulls first, started_at limit 1 for update skip locked)
       returning *, lease_until::text as lease`,
    );
    const [row] = rows;
    if (row === undefined) return null;
    return {
      id: row.id,
      workspace: row.workspace_id,
      environment: row.environment,
      from: row.from_at,
      to: row.to_at,
      after: row.after_at === null ? null : { at: row.after_at, id: row.after_id },
      tried: row.after_at === null ? (row.after_id ?? '') : '',
      member: row.member_id,
      confirmedBy: row.confirmed_by,
      valueSealed: row.value_sealed ?? '',
      status: row.status,
      lease: row.lease,
    };
  }

  /** Counts what was looked at and keeps what was found. The lease from now on; null once it was cancelled or another carries it. */
  async advance(
    job: Job,
    { looked, found }: { looked: readonly LookedAt[]; found: readonly Finding[] },
  ): Promise<string | null> {
    const last = looked.at(-1);
    const { rows } = await this.pool.query<{ lease: string }>(
      `with carried as (
         update erasure set looked = looked + $3, after_at = coalesce($4, after_at), after_id = coalesce($5, after_id), ${renewed}
         where id = $1 and status = 'searching' and lease_until = $2::timestamptz returning *),
       kept as (
         insert into erasure_finding (erasure_id, workspace_id, environment, kind, subject, flow_id, places, at, is_open)
         select c.id, c.workspace_id, c.environment, f.kind, f.id, f.flow, f.places, f.at, f."isOpen"
         from carried c, jsonb_to_recordset($6::jsonb) f (kind text, id text, flow text, places text[], at timestamptz, "isOpen" boolean)
         on conflict do nothing)
       select lease_until::text as lease from carried`,
      [job.id, job.lease, looked.length, last?.started_at ?? null, last?.id ?? null, JSON.stringify(found)],
    );
    return rows[0]?.lease ?? null;
  }

  /** Says that a place was tried. The lease from now on; null once it was cancelled or another carries it. */
  async advanceErasing(tx: pg.PoolClient, job: Job, finding: Finding): Promise<string | null> {
    const { rows } = await tx.query<{ lease: string }>(
      `update erasure set after_id = $3, ${renewed} where id = $1 and status = 'erasing' and lease_until = $2::timestamptz
       returning lease_until::text as lease`,
      [job.id, job.lease, placeOf(finding)],
    );
    return rows[0]?.lease ?? null;
  }

  /** Lets another round take it at once, after those that wait already. */
  async release({ id, lease }: Job): Promise<void> {
    await this.pool.query(
      'update erasure set lease_until = clock_timestamp() where id = $1 and lease_until = $2::timestamptz',
      [id, lease],
    );
  }

  /** What is looked for is forgotten with the end of the search. False: it is another's by now. */
  async end(tx: pg.PoolClient, { id, lease }: Job, status: 'found' | 'done' | 'cancelled'): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update erasure set status = $3, value_sealed = null, lease_until = null, ended_at = now()
       where id = $1 and status in ('searching', 'erasing') and lease_until = $2::timestamptz`,
      [id, lease, status],
    );
    return rowCount === 1;
  }

  /** The next places that are to be erased. */
  async left({ id, tried }: Job, limit: number): Promise<Finding[]> {
    const { rows } = await this.pool.query<Finding>(
      `select kind, subject as id, flow_id as flow, places, at, is_open as "isOpen" from erasure_finding
       where erasure_id = $1 and erased_at is null and kind || ' ' || subject > $2 collate "C"
       order by (kind || ' ' || subject) collate "C" limit $3`,
      [id, tried, limit],
    );
    return rows;
  }

  async counts(id: string): Promise<{ found: number; erased: number }> {
    const { rows } = await this.pool.query(
      'select count(*)::int as found, count(erased_at)::int as erased from erasure_finding where erasure_id = $1',
      [id],
    );
    return rows[0];
  }
}

function placeOf({ kind, id }: Finding): string {
  return `${kind} ${id}`;
}
