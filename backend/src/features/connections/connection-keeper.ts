import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { inEachWorkspace } from '../../platform/database/each-workspace.js';
import { Log } from '../../platform/log.js';
import { databasePool } from '../../platform/tokens.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionWarnings } from './connection-warnings.js';

const minuteMs = 60_000;

/** Does once a minute what time brings about: versions that are over, dates that come near. Several processes may. */
@Injectable()
export class ConnectionKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly secrets: ConnectionSecretsService,
    private readonly warnings: ConnectionWarnings,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = () => {
      this.sweeping = this.sweeping.then(() => this.sweep());
    };
    this.timer = setInterval(sweep, minuteMs).unref();
    sweep();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.sweeping;
  }

  async sweep(): Promise<void> {
    for (const job of [() => this.secrets.destroyOutlived(), () => this.warnings.tell()]) {
      try {
        await inEachWorkspace(this.pool, job);
      } catch (error) {
        this.log.warn('connections could not be looked after; it is tried again in a minute', { error });
      }
    }
  }
}
