import { createHash } from 'node:crypto';
import { Chance } from './chance.js';

interface Happening {
  at: number;
  nth: number;
  work(): void;
}

/** Where a simulated history begins, in milliseconds since 1970. */
const genesis = 1_750_000_000_000;

/** Time that only moves when everything that may happen now has happened. The true time: the database's. */
export class World {
  readonly genesis = genesis;
  now = genesis;
  readonly chance: Chance;
  private readonly queue: Happening[] = [];
  private nth = 0;
  private readonly digest = createHash('sha256');

  constructor(
    seed: number,
    private readonly onTrace: ((line: string) => void) | null = null,
  ) {
    this.chance = new Chance(seed);
  }

  /** Seconds since the beginning. */
  get age(): number {
    return (this.now - genesis) / 1000;
  }

  after(ms: number, work: () => void): void {
    const happening = { at: this.now + Math.max(0, ms), nth: this.nth++, work };
    let place = this.queue.push(happening) - 1;
    // A binary heap, the next one first.
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.queue[above];
      if (parent === undefined || isBefore(parent, happening)) break;
      this.queue[place] = parent;
      place = above;
    }
    this.queue[place] = happening;
  }

  trace(line: string): void {
    const text = `${this.age.toFixed(3)} ${line}`;
    this.digest.update(`${text}\n`);
    this.onTrace?.(text);
  }

  /** What was traced, in one word. */
  fingerprint(): string {
    return this.digest.copy().digest('hex').slice(0, 16);
  }

  /** Lets things happen until `isDone`, or until so many seconds have passed. */
  async run(seconds: number, isDone: () => boolean): Promise<void> {
    const until = genesis + seconds * 1000;
    while (!isDone()) {
      const next = this.take();
      if (next === undefined || next.at > until) return;
      this.now = next.at;
      next.work();
      // Promises settle before anything else happens.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private take(): Happening | undefined {
    const [first] = this.queue;
    const last = this.queue.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [one, other] = [this.queue[left], this.queue[left + 1]];
      const child = other !== undefined && one !== undefined && isBefore(other, one) ? left + 1 : left;
      const smaller = this.queue[child];
      if (smaller === undefined || isBefore(last, smaller)) break;
      this.queue[place] = smaller;
      place = child;
    }
    this.queue[place] = last;
    return first;
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.at < other.at || (one.at === other.at && one.nth < other.nth);
}
