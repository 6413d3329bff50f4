import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Changes } from '../../platform/changes.js';
import { inEachWorkspace } from '../../platform/database/each-workspace.js';
import { Log } from '../../platform/log.js';
import { databasePool } from '../../platform/tokens.js';
import { DeliveriesService } from './deliveries.service.js';
import { NoticesService } from './notices.service.js';

/** A cause that no news told of (a worker's, or lost news) waits no longer than this. */
const roundMs = 2000;
const cleanMs = 3_600_000;
const mostDeliveries = 10;

/** Spreads and delivers what there is, in every process that serves the API; of several one spreads at a time. */
@Injectable()
export class NoticeRounds implements OnApplicationBootstrap, OnApplicationShutdown {
  private timers: NodeJS.Timeout[] = [];
  private round: Promise<void> | null = null;
  private isAskedAgain = false;
  private isOver = false;
  private forget: () => void = () => undefined;

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly notices: NoticesService,
    private readonly deliveries: DeliveriesService,
    private readonly changes: Changes,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.forget = this.changes.on('notice-causes', () => this.go());
    const clean = () =>
      void inEachWorkspace(this.pool, () => this.notices.dropOld()).catch((error: unknown) =>
        this.log.warn('old notices stay an hour longer', { error }),
      );
    this.timers = [setInterval(() => this.go(), roundMs).unref(), setInterval(clean, cleanMs).unref()];
    this.go();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isOver = true;
    this.forget();
    for (const timer of this.timers) clearInterval(timer);
    await this.round;
  }

  private go(): void {
    this.isAskedAgain = true;
    this.round ??= this.goRound().finally(() => {
      this.round = null;
    });
  }

  private async goRound(): Promise<void> {
    while (this.isAskedAgain && !this.isOver) {
      this.isAskedAgain = false;
      try {
        await inEachWorkspace(this.pool, async () => {
          while (!this.isOver && (await this.notices.spread())) continue;
          while (!this.isOver && (await this.deliveries.deliver(mostDeliveries)) === mostDeliveries) continue;
        });
      } catch (error) {
        this.log.warn('notices wait for the next round', { error });
      }
    }
  }
}
