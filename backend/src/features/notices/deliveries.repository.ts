import { Injectable } from '@nestjs/common';
import type { NoticeDelivery } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import type { Told } from './notice-words.js';

/** A delivery that was taken to be made. */
export interface DueDelivery extends Told {
  id: string;
  workspace: string;
  workspaceName: string;
  channel: NoticeDelivery['channel'];
  member: string | null;
  /** Null where the member is gone, or for the webhook. */
  email: string | null;
  attempts: number;
  firstAt: Date;
  lastAt: Date;
}

export interface DeliveryRow extends Told {
  id: string;
  channel: NoticeDelivery['channel'];
  member: string | null;
  memberName: string | null;
  status: NoticeDelivery['status'];
  attempts: number;
  dueAt: Date;
  error: string | null;
  createdAt: Date;
  endedAt: Date | null;
}

const columns = `d.id, d.kind, d.about, d.detail, d.count, d.channel, d.member_id as member, m.name as "memberName", d.status, d.attempts,
  d.due_at as "dueAt", d.error, d.created_at as "createdAt", d.ended_at as "endedAt"`;

@Injectable()
export class DeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes due ones for as long as a try may take; a process that dies lets go of them by that. */
  async take(limit: number, { now, until }: { now: Date; until: Date }): Promise<DueDelivery[]> {
    return await this.dataSource.transaction(
      async (tx) =>
        await tx.query<DueDelivery[]>(
          `with due as (
             update notice_delivery set attempts = attempts + 1, due_at = $3 where id in (
               select id from notice_delivery where status = 'due' and due_at <= $2 order by due_at limit $1 for update skip locked)
             returning *)
           select d.id, d.workspace_id as workspace, w.name as "workspaceName", d.channel, d.member_id as member,
             case when m.disabled_at is null then m.email end as email, d.kind, d.about, d.detail, d.count, d.attempts,
             d.first_at as "firstAt", d.last_at as "lastAt"
           from due d join workspace w on w.id = d.workspace_id left join member m on m.id = d.member_id`,
          [limit, now, until],
        ),
    );
  }

  async settle(
    tx: EntityManager,
    id: string,
    to: { status: NoticeDelivery['status']; error: string | null; dueAt?: Date; endedAt: Date | null },
  ): Promise<void> {
    await tx.query(
      `update notice_delivery set status = $2, error = $3, due_at = coalesce($4, due_at), ended_at = $5 where id = $1`,
      [id, to.status, to.error, to.dueAt ?? null, to.endedAt],
    );
  }

  async list(
    workspace: string,
    filter: { id?: string; status?: string | undefined; after: { at: Date; id: string } | null; limit: number },
  ): Promise<DeliveryRow[]> {
    const { id, status, after, limit } = filter;
    return await this.dataSource.query<DeliveryRow[]>(
      `select ${columns} from notice_delivery d left join member m on m.id = d.member_id
       where d.workspace_id = $1 and ($2::text is null or d.id = $2) and ($3::text is null or d.status = $3)
         and ($4::timestamptz is null or (d.created_at, d.id) < ($4, $5)) order by d.created_at desc, d.id desc limit $6`,
      [workspace, id ?? null, status ?? null, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** False when it isn't a failed one of this workspace. */
  async retry(tx: EntityManager, workspace: string, { id, now }: { id: string; now: Date }): Promise<boolean> {
    const [rows] = await tx.query<[object[], number]>(
      `update notice_delivery set status = 'due', attempts = 0, due_at = $3, ended_at = null
       where workspace_id = $1 and id = $2 and status = 'failed' returning id`,
      [workspace, id, now],
    );
    return rows.length > 0;
  }

  async countFailed(member: string): Promise<number> {
    const [row] = await this.dataSource.query<{ n: number }[]>(
      `select count(*)::int as n from notice_delivery where member_id = $1 and status = 'failed'`,
      [member],
    );
    return row?.n ?? 0;
  }
}
