import { Inject, Injectable } from '@nestjs/common';
import type { Notice, NoticePreference } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { insertCauses, type NoticeCause } from '../../journal/notice-cause.js';
import type { Actor } from '../../platform/actor.js';
import { Changes, type SqlRunner } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { readTimeCursor, timeCursor } from '../../platform/http/time-cursor.js';
import { Problem } from '../../platform/problem.js';
import { sendsMail } from '../../platform/tokens.js';
import { gatherCauses, spread } from './notice-spreader.js';
import { linkOf, titleOf } from './notice-words.js';
import { type NoticeRow, NoticesRepository } from './notices.repository.js';

const mostAtOnce = 500;

/** Tells members of what concerns them. */
@Injectable()
export class NoticesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notices: NoticesRepository,
    private readonly changes: Changes,
    private readonly clock: Clock,
    @Inject(sendsMail) private readonly mail: boolean,
  ) {}

  /**
   * Tells of something in the transaction that does it: members hear of it once that is committed, and only then. What
   * is told again within the hour is counted, and reaches them as one digest.
   */
  async tell(tx: SqlRunner, cause: Omit<NoticeCause, 'at'>): Promise<void> {
    await insertCauses(tx, [{ ...cause, at: this.clock.now() }]);
    await this.wake(tx);
  }

  /** There is something to spread or to deliver. */
  async wake(tx: SqlRunner): Promise<void> {
    await this.changes.notify(tx, 'notice-causes', '');
  }

  /** Brings what was told to those it concerns. Whether there may be more. */
  async spread(): Promise<boolean> {
    return await this.dataSource.transaction(async (tx) => {
      if (!(await this.notices.lock(tx))) return false;
      const causes = await this.notices.takeCauses(tx, mostAtOnce);
      const rooms = { notices: this.notices, mail: this.mail, now: this.clock.date() };
      const told = new Set<string>();
      for (const matter of gatherCauses(causes)) for (const id of await spread(tx, rooms, matter)) told.add(id);
      for (const id of told) await this.changes.notify(tx, 'notices', id);
      return causes.length === mostAtOnce;
    });
  }

  async dropOld(): Promise<void> {
    await this.notices.dropOld(this.clock.date());
  }

  async list(
    { member }: Actor,
    { unread, cursor, limit }: { unread: boolean; cursor: string | undefined; limit: number },
  ): Promise<{ items: Notice[]; next: string | null; unread: number }> {
    const rows = await this.notices.list(member, { unread, after: readTimeCursor(cursor), limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      items: rows.map(toReply),
      next: last === undefined ? null : timeCursor(last.lastAt, last.id),
      unread: await this.notices.countUnread(member),
    };
  }

  /** Throws `notice.unknown`. */
  async mark({ member }: Actor, id: string, read: boolean): Promise<Notice> {
    const row = await this.notices.mark(member, id, read ? this.clock.date() : null);
    if (row === null) throw new Problem('notice.unknown');
    this.changes.publish('notices', [member]);
    return toReply(row);
  }

  async readAll({ member }: Actor): Promise<number> {
    const read = await this.notices.readAll(member, this.clock.date());
    this.changes.publish('notices', [member]);
    return read;
  }

  async preferences({ member }: Actor): Promise<{ kinds: NoticePreference[]; mail: boolean }> {
    return { kinds: await this.notices.listPreferences(member), mail: this.mail };
  }

  async prefer({ member }: Actor, kinds: readonly NoticePreference[]): Promise<NoticePreference[]> {
    for (const one of kinds) await this.notices.prefer(member, one);
    return await this.notices.listPreferences(member);
  }
}

function toReply(row: NoticeRow): Notice {
  return {
    id: row.id,
    kind: row.kind,
    title: titleOf(row),
    link: linkOf(row),
    environment: row.about.environment ?? null,
    count: row.count,
    firstAt: row.firstAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  };
}
