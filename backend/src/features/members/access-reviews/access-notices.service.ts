import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { inEachWorkspace } from '../../../platform/database/each-workspace.js';
import { Log } from '../../../platform/log.js';
import { databasePool } from '../../../platform/tokens.js';
import { NoticesService } from '../../notices/notices.service.js';
import { AccessReviewsRepository } from './access-reviews.repository.js';
import { nameOf } from './access-reviews.service.js';
import { noticeOf } from './due.js';

const sweepMs = 3_600_000;

/** Tells owners and auditors whose access is to be looked at, soon and when it is due: once each. */
@Injectable()
export class AccessNoticesService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly reviews: AccessReviewsRepository,
    private readonly notices: NoticesService,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(databasePool) private readonly pool: pg.Pool,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = () =>
      void this.sweep().catch((error: unknown) =>
        this.log.warn('nobody could be told of reviews of access; it is tried again in an hour', { error }),
      );
    this.timer = setInterval(sweep, sweepMs).unref();
    sweep();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    await inEachWorkspace(this.pool, (workspace) => this.tell(workspace));
  }

  private async tell(workspace: string): Promise<void> {
    const now = this.clock.date();
    await this.dataSource.transaction(async (tx) => {
      const members = await this.reviews.list(workspace, { now }, tx);
      // Nobody looks at himself.
      if (members.length < 2) return;
      const told = { soon: 0, due: 0 };
      for (const row of members) {
        const seen = nameOf(row);
        const last = row.last === null ? null : { seen: row.last.seen, at: new Date(row.last.at) };
        const stage = noticeOf({ seen, last, joinedAt: row.createdAt }, now.getTime());
        if (stage === null) continue;
        // Another access, or another look at it, is another matter.
        if (await this.reviews.noteTold(tx, row.id, `${stage} ${seen} ${row.last?.at ?? ''}`)) told[stage] += 1;
      }
      if (told.soon + told.due === 0) return;
      await this.notices.tell(tx, {
        workspace,
        kind: 'access_review.due',
        about: { kind: 'workspace', id: workspace },
        audience: { roles: ['owner', 'auditor'] },
        detail: told,
      });
    });
  }
}
