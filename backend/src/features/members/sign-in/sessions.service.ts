import { Injectable } from '@nestjs/common';
import type { authApi, Reply } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import type { Actor } from '../../../platform/actor.js';
import { Problem } from '../../../platform/problem.js';
import { memberEntry } from '../../member-entry.js';
import { publicSessionId, SessionsRepository } from './sessions.repository.js';

/** A member's open sessions. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionsRepository,
    private readonly journal: Journal,
  ) {}

  async list(memberId: string, currentSid: string): Promise<Reply<typeof authApi.sessions>> {
    const stored = await this.sessions.list(memberId);
    const items = stored.map(({ sid, startedAt, lastSeenAt, address, userAgent }) => ({
      id: publicSessionId(sid),
      startedAt: new Date(startedAt).toISOString(),
      lastSeenAt: new Date(lastSeenAt).toISOString(),
      address,
      userAgent,
      current: sid === currentSid,
    }));
    return { items, next: null };
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    const session = (await this.sessions.list(actor.member)).find(({ sid }) => publicSessionId(sid) === id);
    if (session === undefined) throw new Problem('session.unknown');
    await this.dataSource.transaction(async (tx) => {
      await this.sessions.remove(tx, session.sid);
      await this.journal.record(tx, [memberEntry(actor, 'auth.session_revoked', { subject: { kind: 'session', id } })]);
    });
  }
}
