import type { RunJob } from '../journal/queue/run-queue.js';
import type { Log } from '../platform/log.js';
import type { Timers } from '../platform/timers.js';
import type { Fault } from './faults.js';
import type { ClaimedRun, RunStore } from './store/run-store.js';

export interface WorkerOptions {
  store: RunStore;
  timers: Timers;
  log: Log;
  fault: Fault;
  owner(): string;
  /** How many more runs may be carried, and which workspaces hold their share already. */
  room(): { runs: number; fullWorkspaces: readonly string[] };
  /** Carries a claimed run on. Never rejects. */
  resume(claimed: ClaimedRun): Promise<void>;
}

const pollMs = 500;
const mostAtOnce = 50;

/** Fetches runs that nobody carries. Only as many as the window holds: the rest waits where others can take it. */
export class Worker {
  private stopped = false;
  private nudged = false;
  private wakeUp: () => void = () => undefined;
  private looping: Promise<void> = Promise.resolve();

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    this.looping = this.loop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp();
    await this.looping;
  }

  /** There may be something to fetch right now. */
  nudge(): void {
    this.nudged = true;
    this.wakeUp();
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      this.nudged = false;
      const full = await this.turn().catch((error: unknown) => {
        this.options.log.warn('parked runs could not be fetched', { error });
        return false;
      });
      if (!full && !this.nudged) await this.pause();
    }
  }

  /** Whether there is probably more. */
  private async turn(): Promise<boolean> {
    const { store, fault, owner, room, resume } = this.options;
    const { runs, fullWorkspaces } = room();
    const limit = Math.min(runs, mostAtOnce);
    if (limit <= 0) return false;
    const jobs: RunJob[] = await store.fetch(limit, fullWorkspaces);
    if (jobs.length === 0) return false;
    const claimed = await store.claim(jobs, owner());
    fault('claim');
    await Promise.all(claimed.map((run) => resume(run)));
    return jobs.length === limit;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.options.timers.after(pollMs, resolve);
      this.wakeUp = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
