import { broke } from './refusal.js';

interface Waiter {
  enter(): void;
}

/** Limits what is in flight in all and to one host, so that a slow host can't take every place. */
export class Bulkhead {
  readonly #maxInFlight: number;
  readonly #maxPerHost: number;
  readonly #maxWaiting: number;
  readonly #perHost = new Map<string, number>();
  readonly #waiting = new Map<string, Set<Waiter>>();
  #inFlight = 0;
  #waitingCount = 0;

  constructor({
    maxInFlight,
    maxPerHost,
    maxWaiting = 10_000,
  }: { maxInFlight: number; maxPerHost: number; maxWaiting?: number }) {
    this.#maxInFlight = maxInFlight;
    this.#maxPerHost = maxPerHost;
    this.#maxWaiting = maxWaiting;
  }

  /** Places left. */
  get free(): number {
    return this.#maxInFlight - this.#inFlight;
  }

  /** Settles when there is a place; the result gives it back. Rejects with CallEnded when `milliseconds` are over. */
  async enter(
    host: string,
    { milliseconds, signal }: { milliseconds: number; signal?: AbortSignal | undefined },
  ): Promise<() => void> {
    if (!this.#hasPlace(host)) await this.#wait(host, milliseconds, signal);
    else this.#take(host);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#inFlight -= 1;
      const left = (this.#perHost.get(host) ?? 1) - 1;
      if (left === 0) this.#perHost.delete(host);
      else this.#perHost.set(host, left);
      this.#admit();
    };
  }

  #hasPlace(host: string): boolean {
    return this.free > 0 && (this.#perHost.get(host) ?? 0) < this.#maxPerHost;
  }

  #take(host: string): void {
    this.#inFlight += 1;
    this.#perHost.set(host, (this.#perHost.get(host) ?? 0) + 1);
  }

  #wait(host: string, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const busy = () =>
      broke({
        code: 'egress.busy',
        message: `Too many calls to ${host} are under way: nothing was sent.`,
        uncertain: false,
      });
    if (this.#waitingCount >= this.#maxWaiting || signal?.aborted === true) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#waitingCount -= 1;
        const queue = this.#waiting.get(host);
        queue?.delete(waiter);
        if (queue?.size === 0) this.#waiting.delete(host);
      };
      const giveUp = () => {
        leave();
        reject(busy());
      };
      const waiter: Waiter = {
        enter: () => {
          leave();
          this.#take(host);
          resolve();
        },
      };
      const timer = setTimeout(giveUp, milliseconds);
      signal?.addEventListener('abort', giveUp, { once: true });
      const queue = this.#waiting.get(host) ?? new Set();
      this.#waiting.set(host, queue.add(waiter));
      this.#waitingCount += 1;
    });
  }

  /** One waiter per place, host after host. */
  #admit(): void {
    for (const [host, queue] of this.#waiting) {
      if (this.free === 0) return;
      const [waiter] = queue;
      if (waiter === undefined || !this.#hasPlace(host)) continue;
      // To the end of the line, so that the hosts take turns.
      this.#waiting.delete(host);
      this.#waiting.set(host, queue);
      waiter.enter();
      return;
    }
  }
}
