import type { ProductProcess } from './product.js';

/**
 * Milliseconds that a clock jumps. Back at will; ahead no further than the end of the soak may wait for, since what is
 * begun meanwhile waits by that clock.
 */
const jumps = [-3_600_000, -600_000, 60_000];

/**
 * What may happen to a process, and how often a second to one of three. Each then lives for some minutes: long enough to
 * see whether its memory grows.
 */
const troubles = {
  kill: [0.012, (one: ProductProcess) => one.signal('SIGKILL')],
  end: [0.006, (one: ProductProcess) => one.signal('SIGTERM')],
  sleep: [0.015, sleepForAWhile],
  clock: [0.02, jumpForAWhile],
  broker: [0.02, (one: ProductProcess) => one.killBroker()],
} as const;

type Trouble = keyof typeof troubles;

/** Deals out trouble by chance, and counts it. */
export class Troubles {
  readonly counts: Record<Trouble, number> = { kill: 0, end: 0, sleep: 0, clock: 0, broker: 0 };

  /** Once a second. */
  deal(processes: readonly ProductProcess[]): void {
    let dice = Math.random();
    for (const name of ['kill', 'end', 'sleep', 'clock', 'broker'] as const) {
      const [odds, make] = troubles[name];
      dice -= odds;
      if (dice >= 0) continue;
      if (make(pick(processes)) !== false) this.counts[name] += 1;
      return;
    }
  }
}

function sleepForAWhile(one: ProductProcess): void {
  one.signal('SIGSTOP');
  later(5, 30, () => one.signal('SIGCONT'));
}

function jumpForAWhile(one: ProductProcess): void {
  one.moveClock(pick(jumps));
  later(5, 15, () => one.moveClock(0));
}

/** After some seconds, from so many to so many. */
function later(from: number, to: number, work: () => void): void {
  setTimeout(work, (from + Math.random() * (to - from)) * 1000).unref();
}

function pick<Value>(all: readonly Value[]): Value {
  const value = all[Math.floor(Math.random() * all.length)];
  if (value === undefined) throw new Error('Nothing to pick from.');
  return value;
}
