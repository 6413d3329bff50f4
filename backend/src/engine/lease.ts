import type { Json } from '@sluice/shared/lib';
import type { Clock } from '../platform/clock.js';
import type { NewId } from '../platform/ids.js';
import type { Timer, Timers } from '../platform/timers.js';
import type { RunStore } from './store/run-store.js';
import type { RunTransaction } from './store/run-transaction.js';

export interface LeaseOptions {
  store: RunStore;
  /** The machine's own. */
  clock: Clock;
  timers: Timers;
  newId: NewId;
  roles: readonly string[];
  /** Whether this process takes over what others left. */
  reaps: boolean;
  /** A process that was silent for so long is taken for dead; 10 s, with a beat every fifth of that. */
  expirySeconds?: number;
  onTrouble(error: unknown): void;
  /** Hears the database's time, asked for when so much time had passed here. */
  onTime(time: number, asked: number): void;
  /** Whether this process has the run in memory, or is about to. */
  carries(run: string): boolean;
  /** This process was silent for too long and was taken for dead: what it carried belongs to others. */
  onLost(): void;
  /** Runs of a process that died were given to the queue. */
  onOrphans(): Promise<void>;
}

/** This process's row in the house: as long as it beats, its runs are its own. All times are the database's. */
export class Lease {
  private id: string;
  private timer: Timer | null = null;
  /** Runs that are ours by their row and weren't in memory at the last beat. */
  private strays: ReadonlySet<string> = new Set();
  private beating: Promise<void> = Promise.resolve();
  private renewing: Promise<void> | null = null;
  private isReaping = false;
  /** When the lease was last renewed: by the clock, and by the time since then. */
  private renewed = { clock: 0, elapsed: 0 };
  private readonly expirySeconds: number;

  constructor(private readonly options: LeaseOptions) {
    this.id = options.newId('process');
    this.expirySeconds = options.expirySeconds ?? 10;
  }

  /** Who carries what this process begins now. Changes when the lease was lost. */
  get owner(): string {
    return this.id;
  }

  async start(): Promise<void> {
    await this.register();
    if (this.options.reaps) await this.takeOver();
    this.timer = this.options.timers.every(this.expirySeconds * 200, () => {
      this.beating = this.beat().catch((error: unknown) => this.options.onTrouble(error));
    });
  }

  /** Ends the lease; what is still carried becomes jobs at once. Without a database it runs out by itself, as after a crash. */
  async stop(): Promise<void> {
    this.timer?.cancel();
    await this.beating;
    try {
      await this.options.store.leave(this.id);
      await this.takeOver();
    } catch (error) {
      this.options.onTrouble(error);
    }
  }

  /** Says that we live, and gives the runs of those who don't to the queue. */
  async beat(): Promise<void> {
    await this.renew();
    // One at a time: two looks that a slow database answers together are no two in a row.
    if (!this.options.reaps || this.isReaping) return;
    this.isReaping = true;
    try {
      await this.takeOver();
      await this.releaseStrays();
    } finally {
      this.isReaping = false;
    }
  }

  /**
   * Until when, by the clock, what `owner` carries is surely still its own; null: it is others' by now. To be asked before
   * anything is done outside, where no fence is. A process that slept, or lost sight of the database, finds out first.
   */
  async sureUntil(owner: string): Promise<number | null> {
    const { timers, onTrouble } = this.options;
    for (let pause = 100; owner === this.id && !this.isFresh(); pause = Math.min(pause * 2, 2000)) {
      await this.renew().catch(onTrouble);
      if (owner === this.id && !this.isFresh()) await timers.sleep(pause);
    }
    return owner === this.id ? this.options.clock.now() + this.expirySeconds * 900 - this.age() : null;
  }

  /** Nobody can have taken us for dead: a beat is left for what is done now to get out. */
  private isFresh(): boolean {
    return this.age() < this.expirySeconds * 800;
  }

  private age(): number {
    const { clock, timers } = this.options;
    return Math.max(clock.now() - this.renewed.clock, timers.elapsed() - this.renewed.elapsed);
  }

  /** One at a time, so that a lost lease is replaced once. */
  private renew(): Promise<void> {
    this.renewing ??= this.renewNow().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async renewNow(): Promise<void> {
    const { store, clock, timers, newId, onLost, onTime } = this.options;
    const at = { clock: clock.now(), elapsed: timers.elapsed() };
    const time = await store.beat(this.id);
    if (time !== null) {
      this.renewed = at;
      onTime(time, at.elapsed);
      return;
    }
    this.id = newId('process');
    // Before the next question: a call that is told no must find its run lost, or it writes that as the run's own failure.
    onLost();
    await this.register();
  }

  private async register(): Promise<void> {
    const { store, clock, timers, roles, onTime } = this.options;
    const at = { clock: clock.now(), elapsed: timers.elapsed() };
    onTime(await store.register(this.id, roles), at.elapsed);
    this.renewed = at;
  }

  /** Runs whose owner has no row any more are nobody's. */
  private async takeOver(): Promise<void> {
    const { store, onOrphans } = this.options;
    await store.dropSilent(this.expirySeconds);
    const lostOwners = await store.findLostOwners();
    if (lostOwners.length === 0) return;
    await this.release({ lostOwners }, { action: 'process.lost', detail: { processes: lostOwners } });
    await onOrphans();
  }

  /** Runs that a broken connection left ours without our knowing. Twice in a row, so that none is on its way into memory. */
  private async releaseStrays(): Promise<void> {
    const { store, carries } = this.options;
    const missing = (await store.findOwned(this.id)).filter((id) => !carries(id));
    const lost = missing.filter((id) => this.strays.has(id));
    this.strays = new Set(missing);
    if (lost.length === 0) return;
    await this.release({ owner: this.id, runs: lost }, { action: 'runs.released', detail: { process: this.id } });
  }

  /** Gives runs to the queue: a job takes each on. */
  private async release(
    of: Parameters<RunTransaction['release']>[0],
    { action, detail }: { action: string; detail: Record<string, Json> },
  ): Promise<void> {
    await this.options.store.transaction(async (tx) => {
      const released = await tx.release(of);
      if (released.length === 0) return;
      await tx.enqueue(released.map((run) => ({ ...run, after: null })));
      const actor = { kind: 'system', id: this.id } as const;
      await tx.record([{ workspace: null, actor, action, detail: { ...detail, runs: released.length } }]);
    });
  }
}
