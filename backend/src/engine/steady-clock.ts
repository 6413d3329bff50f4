import { Clock } from '../platform/clock.js';
import type { Timers } from '../platform/timers.js';

/**
 * The database's time, carried on by the time that passes here: whatever this machine's clock is set to, all processes
 * park and wake runs by the same one. The machine's own until the database was asked.
 */
export class SteadyClock extends Clock {
  private anchor: { time: number; elapsed: number } | null = null;

  constructor(
    private readonly machine: Clock,
    private readonly timers: Pick<Timers, 'elapsed'>,
  ) {
    super();
  }

  override now(): number {
    return this.anchor === null ? this.machine.now() : this.at(this.anchor, this.timers.elapsed());
  }

  /** The database said `time` (milliseconds since 1970) after it was asked at `asked` of the time that passes here. */
  hear(time: number, asked: number): void {
    const elapsed = this.timers.elapsed();
    const fits =
      this.anchor !== null && this.at(this.anchor, asked) <= time + 1 && time <= this.at(this.anchor, elapsed) + 1;
    // What may be right is kept, so that a slow answer moves nothing.
    if (!fits) this.anchor = { time, elapsed };
  }

  private at(anchor: { time: number; elapsed: number }, elapsed: number): number {
    return Math.floor(anchor.time + elapsed - anchor.elapsed);
  }
}
