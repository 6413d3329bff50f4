import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Changes } from '../../platform/changes.js';
import { inEachWorkspace } from '../../platform/database/each-workspace.js';
import { Log } from '../../platform/log.js';
import { databasePool } from '../../platform/tokens.js';
import { ConnectionNews } from './connection-news.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionWarnings } from './connection-warnings.js';

const minuteMs = 60_000;

/** Does once a minute what time brings about: versions that are over, dates that come near. Several processes may. */
@Injectable()
export class ConnectionKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();
  private planned = 0;
  private stopListening: () => void = () => undefined;

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly secrets: ConnectionSecretsService,
    private readonly warnings: ConnectionWarnings,
    private readonly news: ConnectionNews,
    private readonly changes: Changes,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = () => this.plan(() => this.sweep());
    this.timer = setInterval(sweep, minuteMs).unref();
    this.stopListening = this.changes.on('connections', () => this.plan(() => this.run(() => this.news.record())));
    sweep();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopListening();
    if (this.timer !== null) clearInterval(this.timer);
    await this.sweeping;
  }

  async sweep(): Promise<void> {
    const jobs = [
      () => this.news.record(),
      () => this.secrets.destroyOutlived(),
      () => this.secrets.finishHalfRevoked(),
      () => this.warnings.tell(),
    ];
    for (const job of jobs) await this.run(job);
  }

  /** One after the other; what waits already is not planned twice. */
  private plan(job: () => Promise<void>): void {
    if (this.planned > 1) return;
    this.planned += 1;
    this.sweeping = this.sweeping.then(async () => {
      await job();
      this.planned -= 1;
    });
  }

  private async run(job: () => Promise<void>): Promise<void> {
    try {
      await inEachWorkspace(this.pool, job);
    } catch (error) {
      this.log.warn('connections could not be looked after; it is tried again in a minute', { error });
    }
  }
}
