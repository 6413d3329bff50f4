import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { IdempotencyRepository } from './idempotency.repository.js';

const everyMs = 3_600_000;
const keepMs = 86_400_000;

/** Answers to repeated writes are kept for a day. One of a process that died in the middle ends then, too. */
@Injectable()
export class ExpiryService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.remove(), everyMs).unref();
    void this.remove();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async remove(): Promise<void> {
    try {
      await this.keys.removeOlderThan(new Date(this.clock.now() - keepMs));
    } catch (error) {
      this.log.warn('old answers could not be removed; the next hour tries again', { error });
    }
  }
}
