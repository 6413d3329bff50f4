import type { Log } from '../platform/log.js';
import type { Timers } from '../platform/timers.js';
import type { Carrier } from './carrier.js';
import type { RunStore } from './store/run-store.js';

interface Rooms {
  store: RunStore;
  carrier: Carrier;
  timers: Timers;
  log: Log;
  /** There may be runs to fetch. */
  nudge(): void;
}

/**
 * A call that was on its way to a switch while it let go parks its run afterwards, and the broker's knowledge of switches
 * is up to 0.9 s old: so it is looked again.
 */
const lookAgainMs = [0, 1200, 3000];

/** Has what a kill switch held go on when it lets go, without waiting for the next try. */
export class Releases {
  constructor(private readonly rooms: Rooms) {}

  /** Workspaces in which a switch let go; null: unknown, and then nothing is hurried but what this process carries. */
  hear(workspaces: readonly string[] | null): void {
    for (const ms of lookAgainMs) this.rooms.timers.after(ms, () => this.letGo(workspaces));
  }

  private letGo(workspaces: readonly string[] | null): void {
    if (workspaces === null) return this.rooms.carrier.letGo(null);
    for (const workspace of workspaces) {
      this.rooms.carrier.letGo(workspace);
      this.wake(workspace).catch((error: unknown) =>
        this.rooms.log.warn('runs that a kill switch held go on a little later', { workspace, error }),
      );
    }
  }

  private async wake(workspace: string): Promise<void> {
    await this.rooms.store.wakeHeld(workspace);
    this.rooms.nudge();
  }
}
