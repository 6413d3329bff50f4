import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { inEachWorkspace } from '../../../platform/database/each-workspace.js';
import { Log } from '../../../platform/log.js';
import { databasePool } from '../../../platform/tokens.js';
import { BulkRetryService } from './bulk-retry.service.js';

const everyMs = 2000;

/** Carries retries of many runs on, in every process that serves the API; each is carried by one at a time. */
@Injectable()
export class BulkRetryRounds implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;
  private isOver = false;

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly retries: BulkRetryService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isOver = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.round;
  }

  /** One round, unless one is under way. */
  tick(): void {
    this.round ??= this.go().finally(() => {
      this.round = null;
    });
  }

  private async go(): Promise<void> {
    try {
      while (!this.isOver && (await this.carryEach())) continue;
    } catch (error) {
      this.log.warn('retries of many runs wait for the next round', { error });
    }
  }

  /** Some runs of each workspace: one with very many, or with trouble, holds up no other. False when nobody has more. */
  private async carryEach(): Promise<boolean> {
    const due = `select distinct workspace_id as id from bulk_retry where status = 'running' order by id`;
    const more: boolean[] = [];
    await inEachWorkspace({ query: async () => await this.pool.query<{ id: string }>(due) }, async () => {
      if (this.isOver) return;
      try {
        more.push(await this.retries.carry());
      } catch (error) {
        this.log.warn('a retry of many runs waits for the next round', { error });
      }
    });
    return more.includes(true);
  }
}
