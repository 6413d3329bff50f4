import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Log } from './log.js';

const everyMs = 2000;

/** Work that is carried on by and by, in every process that has it: a round every two seconds, and one at a time. */
export abstract class Rounds implements OnApplicationBootstrap, OnApplicationShutdown {
  protected isOver = false;
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;

  protected constructor(
    protected readonly log: Log,
    /** What is logged when a round fails; the next one tries again. */
    private readonly trouble: string,
  ) {}

  /** Carries some of it on; false when there is nothing to carry. */
  protected abstract carry(): Promise<boolean>;

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
      while (!this.isOver && (await this.carry())) continue;
    } catch (error) {
      this.log.warn(this.trouble, { error });
    }
  }
}
