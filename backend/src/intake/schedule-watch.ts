import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/log.js';
import { findStop, type Stops } from '../platform/stops.js';
import { lateSlots } from './deployed-schedules.js';
import type { ScheduleStore } from './schedule-store.js';

export interface ScheduleWatchOptions {
  store: ScheduleStore;
  stops: Stops;
  clock: Clock;
  log: Log;
}

const roundMs = 30_000;

/**
 * Notices that a flow was due and did not run, also where no process is left that would start it. Every process looks;
 * what a kill switch holds back is known to whoever set it.
 */
export class ScheduleWatch {
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: ScheduleWatchOptions) {}

  start(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look());
    }, roundMs).unref();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.looking;
  }

  /** Never rejects: what could not be told is told in the next round. */
  async look(): Promise<void> {
    const { store, stops, clock, log } = this.options;
    try {
      for (const known of await store.list()) {
        if (lateSlots(known, clock.now()).length === 0) continue;
        if (findStop(await stops.list(known.workspace), known) !== null) continue;
        // By a clock that is ahead everything is late.
        const { schedule, now } = await store.look(known);
        await store.tellMissed(schedule, lateSlots(schedule, Math.min(clock.now(), now)));
      }
    } catch (error) {
      log.warn('schedules could not be watched', { error });
    }
  }
}
