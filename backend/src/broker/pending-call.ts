import type { BrokerAnswer } from './call.js';
import type { Demand } from './messages.js';
import { broke, failed } from './refusal.js';

/** A call that has no answer yet. */
export class PendingCall {
  readonly demand: Extract<Demand, { kind: 'call' }>;
  readonly answer: Promise<BrokerAnswer>;
  readonly #deadline: number;
  readonly #settled = Promise.withResolvers<BrokerAnswer>();
  #isSent = false;
  #expiry: NodeJS.Timeout | undefined;

  constructor(demand: Extract<Demand, { kind: 'call' }>, deadline: number) {
    this.demand = demand;
    this.answer = this.#settled.promise;
    this.#deadline = deadline;
  }

  get isSent(): boolean {
    return this.#isSent;
  }

  isLate(now: number): boolean {
    return now > (this.demand.startBy ?? Infinity);
  }

  markSent(): void {
    this.#isSent = true;
    clearTimeout(this.#expiry);
  }

  /** There is nobody to send it to: it waits for that as long as its time lasts. */
  expireUnsent(now: number, expired: () => void): void {
    this.#expiry ??= setTimeout(expired, Math.max(0, this.#deadline - now));
  }

  settle(answer: BrokerAnswer): void {
    clearTimeout(this.#expiry);
    this.#settled.resolve(answer);
  }

  /** The broker is gone. What it had been given it may have sent; the effect's class decides what follows. */
  lost(): BrokerAnswer {
    const message = this.#isSent
      ? 'The broker ended while this call was under way: it may have been sent or not.'
      : "The broker can't be reached: nothing was sent.";
    return failed(broke({ code: 'broker.away', message, uncertain: this.#isSent }));
  }
}
