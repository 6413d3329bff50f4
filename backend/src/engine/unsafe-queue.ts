import type { Timer, Timers } from '../platform/timers.js';
import type { RunMemory } from './run-memory.js';
import type { Attempt } from './settle-call.js';

export interface UnsafeCall {
  run: RunMemory;
  attempt: Attempt;
}

const lookAgainMs = 5;

/**
 * Steps that may not be repeated wait here until they can be sent at once: their intent is written last of all, so that
 * few of them are in doubt after a crash.
 */
export class UnsafeQueue {
  private readonly calls: UnsafeCall[] = [];
  private timer: Timer | null = null;

  constructor(
    private readonly timers: Timers,
    private readonly isOpen: () => boolean,
    private readonly start: (call: UnsafeCall) => void,
  ) {}

  push(calls: readonly UnsafeCall[]): void {
    this.calls.push(...calls);
    this.startAll();
  }

  /** Starts as many as there is room for. */
  startAll(): void {
    while (this.calls.length > 0 && this.isOpen()) {
      const next = this.calls.shift();
      if (next !== undefined) this.start(next);
    }
    if (this.calls.length === 0) return;
    this.timer ??= this.timers.after(lookAgainMs, () => {
      this.timer = null;
      this.startAll();
    });
  }
}
