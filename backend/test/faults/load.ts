import { setTimeout as sleep } from 'node:timers/promises';
import type { HouseProcess } from '../spawn-house.js';
import type { EffectClass } from './cells.js';
import type { Installation } from './installation.js';
import type { Order } from './orders.js';

const patienceMs = 5000;

/** Deliveries at a steady rate, each sent again, to another door, until it is taken. */
export class Load {
  /** The longest time without a delivery that was taken, in seconds. */
  longestPause = 0;
  private isOver = false;
  private lastAt = performance.now();
  private count = 0;

  constructor(
    private readonly house: Installation,
    private readonly effects: readonly EffectClass[],
    private readonly doors: () => readonly Pick<HouseProcess, 'url'>[],
  ) {}

  /** Settles when it was told to stop, and all that was sent is taken. */
  async run(perSecond: number): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (let n = 0; !this.isOver; n += 1) {
      const effect = this.effects[n % this.effects.length] ?? 'keyed';
      const delivering = this.deliver(this.house.order(effect, 'load')).finally(() => underWay.delete(delivering));
      underWay.add(delivering);
      await sleep(1000 / perSecond);
    }
    await Promise.all(underWay);
  }

  async goOnFor(ms: number): Promise<void> {
    await sleep(ms);
  }

  stop(): void {
    this.isOver = true;
  }

  private async deliver(order: Order): Promise<void> {
    const until = performance.now() + 120_000;
    for (let pause = 200; !order.isTaken && performance.now() < until; pause = Math.min(pause * 2, 5000)) {
      const doors = this.doors();
      this.count += 1;
      const door = doors[this.count % doors.length];
      if (door !== undefined)
        // A process that sleeps answers nobody: a sender's patience ends.
        await Promise.race([this.house.send(door, order), sleep(patienceMs, null, { ref: false })]);
      // As senders do: who all come again at once are a flood, and turned away for that.
      if (!order.isTaken) await sleep(pause * (0.5 + Math.random()));
    }
    this.longestPause = Math.max(this.longestPause, (performance.now() - this.lastAt) / 1000);
    this.lastAt = performance.now();
  }
}
