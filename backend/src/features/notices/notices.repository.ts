import { Injectable } from '@nestjs/common';
import { type NoticeKind, noticeKinds, type NoticePreference } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import type { CauseRow, Matter } from './notice-spreader.js';
import type { Told } from './notice-words.js';

export interface Recipient {
  id: string;
  bell: boolean;
  mail: boolean;
}

export interface NoticeRow extends Told {
  id: string;
  firstAt: Date;
  lastAt: Date;
  readAt: Date | null;
}

interface To {
  matter: Matter;
  member: string | null;
  channel: 'mail' | 'webhook';
}

const columns = `id, kind, about, detail, count, first_at as "firstAt", last_at as "lastAt", read_at as "readAt"`;
/** Who is told when nobody of those it concerns is there any more. */
const fallback = ['admin', 'owner'];

@Injectable()
export class NoticesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Only one process spreads at a time: two would tell the same at once. */
  async lock(tx: EntityManager): Promise<boolean> {
    const [row] = await tx.query<{ mine: boolean }[]>(
      `select pg_try_advisory_xact_lock(hashtext(current_schema() || '.notices')) as mine`,
    );
    return row?.mine === true;
  }

  /** Oldest first; they are gone once the transaction commits. */
  async takeCauses(tx: EntityManager, limit: number): Promise<CauseRow[]> {
    return await tx.query<CauseRow[]>(
      `with taken as (delete from notice_cause where id in (select id from notice_cause order by id limit $1) returning *)
       select workspace_id as "workspaceId", kind, about, audience, detail, at from taken order by id`,
      [limit],
    );
  }

  async flowName(tx: EntityManager, flow: string): Promise<string | undefined> {
    const [row] = await tx.query<{ name: string }[]>('select name from flow where id = $1', [flow]);
    return row?.name;
  }

  async listRecipients(tx: EntityManager, matter: Matter): Promise<Recipient[]> {
    const { flow = null, roles = [], members = [], except = null } = matter.audience;
    const found = await this.findRecipients(tx, matter, { flow, roles, members, except });
    if (found.length > 0) return found;
    return await this.findRecipients(tx, matter, { flow: null, roles: fallback, members: [], except });
  }

  private async findRecipients(
    tx: EntityManager,
    { workspaceId, kind, about }: Matter,
    who: { flow: string | null; roles: readonly string[]; members: readonly string[]; except: string | null },
  ): Promise<Recipient[]> {
    return await tx.query<Recipient[]>(
      `select m.id, coalesce(p.bell, true) as bell, coalesce(p.mail, true) as mail
       from member m left join notice_preference p on p.member_id = m.id and p.kind = $2
       where m.workspace_id = $1 and m.disabled_at is null and m.id is distinct from $6
         and (m.id = any($4) or m.roles && $5 or jsonb_exists_any(m.environment_roles -> $7, $5) or m.id in (
           select owner_id from flow where id = $3 and workspace_id = $1
           union all select member_id from flow_deputy where flow_id = $3 and workspace_id = $1))`,
      [workspaceId, kind, who.flow, who.members, who.roles, who.except, about.environment ?? ''],
    );
  }

  async put(tx: EntityManager, { id, member, matter }: { id: string; member: string; matter: Matter }): Promise<void> {
    const { workspaceId, kind, key, about, detail, count, firstAt, at } = matter;
    await tx.query(
      `insert into notice (id, workspace_id, member_id, kind, key, about, detail, count, first_at, last_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (member_id, key) where read_at is null do update
       set count = notice.count + excluded.count, about = excluded.about, detail = excluded.detail, last_at = excluded.last_at`,
      [id, workspaceId, member, kind, key, about, detail, count, firstAt, at],
    );
  }

  async hasWebhook(tx: EntityManager, workspace: string, kind: NoticeKind): Promise<boolean> {
    const rows = await tx.query<object[]>('select from notice_webhook where workspace_id = $1 and $2 = any(kinds)', [
      workspace,
      kind,
    ]);
    return rows.length > 0;
  }

  /** Adds to a delivery that waits and was not tried yet; false when there is none. */
  async addToDigest(tx: EntityManager, { matter, member, channel }: To): Promise<boolean> {
    const { workspaceId, key, about, detail, count, at } = matter;
    const [rows] = await tx.query<[object[], number]>(
      `update notice_delivery set count = count + $5, about = $6, detail = $7, last_at = $8
       where workspace_id = $1 and key = $2 and channel = $3 and member_id is not distinct from $4
         and status = 'due' and attempts = 0 returning id`,
      [workspaceId, key, channel, member, count, about, detail, at],
    );
    return rows.length > 0;
  }

  /** When the last one of this matter was or is due. */
  async lastDelivery(tx: EntityManager, { matter, member, channel }: To): Promise<Date | null> {
    const [row] = await tx.query<{ at: Date }[]>(
      `select coalesce(ended_at, due_at) as at from notice_delivery
       where workspace_id = $1 and key = $2 and channel = $3 and member_id is not distinct from $4
       order by created_at desc limit 1`,
      [matter.workspaceId, matter.key, channel, member],
    );
    return row?.at ?? null;
  }

  async insertDelivery(tx: EntityManager, given: To & { id: string; dueAt: Date; now: Date }): Promise<void> {
    const { id, matter, member, channel, dueAt, now } = given;
    const { workspaceId, kind, key, about, detail, count, firstAt, at } = matter;
    await tx.query(
      `insert into notice_delivery (id, workspace_id, member_id, channel, kind, key, about, detail, count, first_at, last_at, due_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [id, workspaceId, member, channel, kind, key, about, detail, count, firstAt, at, dueAt, now],
    );
  }

  /** Newest first. `after` is the last one of the page before. */
  async list(
    member: string,
    { unread, after, limit }: { unread: boolean; after: { at: Date; id: string } | null; limit: number },
  ): Promise<NoticeRow[]> {
    return await this.dataSource.query<NoticeRow[]>(
      `select ${columns} from notice where member_id = $1 and ($2 = false or read_at is null)
         and ($3::timestamptz is null or (last_at, id) < ($3, $4)) order by last_at desc, id desc limit $5`,
      [member, unread, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async countUnread(member: string): Promise<number> {
    const [row] = await this.dataSource.query<{ n: number }[]>(
      'select count(*)::int as n from notice where member_id = $1 and read_at is null',
      [member],
    );
    return row?.n ?? 0;
  }

  /** Null when it is none of theirs. An older unread one of the same matter takes up what is unread again. */
  async mark(member: string, id: string, readAt: Date | null): Promise<NoticeRow | null> {
    await this.dataSource.query(
      `update notice n set read_at = $3 where id = $2 and member_id = $1 and ($3::timestamptz is not null or not exists (
         select from notice o where o.member_id = n.member_id and o.key = n.key and o.read_at is null))`,
      [member, id, readAt],
    );
    const [row] = await this.dataSource.query<NoticeRow[]>(
      `select ${columns} from notice where id = $2 and member_id = $1`,
      [member, id],
    );
    return row ?? null;
  }

  async readAll(member: string, at: Date): Promise<number> {
    const [, count] = await this.dataSource.query<[object[], number]>(
      'update notice set read_at = $2 where member_id = $1 and read_at is null',
      [member, at],
    );
    return count;
  }

  async listPreferences(member: string): Promise<NoticePreference[]> {
    const rows = await this.dataSource.query<NoticePreference[]>(
      'select kind, bell, mail from notice_preference where member_id = $1',
      [member],
    );
    return noticeKinds.map((kind) => rows.find((row) => row.kind === kind) ?? { kind, bell: true, mail: true });
  }

  async prefer(member: string, { kind, bell, mail }: NoticePreference): Promise<void> {
    await this.dataSource.query(
      `insert into notice_preference (member_id, kind, bell, mail) values ($1, $2, $3, $4)
       on conflict (member_id, kind) do update set bell = excluded.bell, mail = excluded.mail`,
      [member, kind, bell, mail],
    );
  }

  /** Notices for 90 days, deliveries for 30. */
  async dropOld(now: Date): Promise<void> {
    const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
    await this.dataSource.query('delete from notice where last_at < $1', [before(90)]);
    await this.dataSource.query(`delete from notice_delivery where created_at < $1 and status <> 'due'`, [before(30)]);
  }
}
