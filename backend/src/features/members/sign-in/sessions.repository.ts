import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { databasePool } from '../../../platform/tokens.js';

export interface StoredSession {
  sid: string;
  startedAt: number;
  lastSeenAt: number;
  address: string | null;
  userAgent: string | null;
}

/** The session store's rows. A session's own id opens it, so only its hash is ever shown. */
@Injectable()
export class SessionsRepository {
  constructor(@Inject(databasePool) private readonly pool: pg.Pool) {}

  async list(memberId: string): Promise<StoredSession[]> {
    const { rows } = await this.pool.query<{ sid: string; sess: Record<string, unknown> }>(
      'select sid, sess from session where member_id = $1 and expire > now() order by expire desc',
      [memberId],
    );
    return rows.map(({ sid, sess }) => ({
      sid,
      startedAt: numberOf(sess['startedAt']),
      lastSeenAt: numberOf(sess['lastSeenAt']),
      address: textOf(sess['address']),
      userAgent: textOf(sess['userAgent']),
    }));
  }

  async remove(tx: EntityManager, sid: string): Promise<void> {
    await tx.query('delete from session where sid = $1', [sid]);
  }
}

export function publicSessionId(sid: string): string {
  return `ses_${createHash('sha256').update(sid).digest('hex').slice(0, 24)}`;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
