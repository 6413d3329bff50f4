import type { Pause } from './circuits.js';

/** Calls made for the first time that earn one that is made again: what is saved is counted in these. */
const cost = 5;
/** Made again whatever else is called: a flow with few calls may always retry. */
const freePerSecond = 10;
/** What is saved up: ten seconds of those. */
const mostSaved = 10 * freePerSecond * cost;
const mostHosts = 10_000;

interface Budget {
  tokens: number;
  at: number;
  held: number;
}

/**
 * How many calls may be made again, by host and workspace: a service that answers but fails gets no storm of retries on top of
 * its first calls. What is held back is put off, no attempt is counted. The numbers are those of Finagle's RetryBudget
 * (20 % and 10 a second).
 */
export class RetryBudgets {
  readonly #now: () => number;
  readonly #changed: (host: string, held: Pause | null) => void;
  readonly #budgets = new Map<string, Budget>();

  /** `changed` hears of each tenth that is held back, the first at once, and of the first that passes again as null. */
  constructor(now: () => number, changed: (host: string, held: Pause | null) => void = () => undefined) {
    this.#now = now;
    this.#changed = changed;
  }

  /** Seconds for which to put a call off; 0: make it. */
  enter(host: string, isRetry: boolean): number {
    const budget = this.#refilled(host);
    if (!isRetry) {
      budget.tokens = Math.min(budget.tokens + 1, mostSaved);
      return 0;
    }
    if (budget.tokens >= cost) {
      budget.tokens -= cost;
      if (budget.held > 0) this.#changed(host, null);
      budget.held = 0;
      return 0;
    }
    budget.held += 1;
    // All that wait share what comes in: longer, the more there are.
    const seconds = Math.min(Math.ceil(budget.held / freePerSecond), 60);
    if (budget.held % 10 === 1) this.#changed(host, { failures: budget.held, until: this.#now() + seconds * 1000 });
    return seconds;
  }

  #refilled(host: string): Budget {
    const now = this.#now();
    const known = this.#budgets.get(host);
    if (known === undefined) {
      if (this.#budgets.size >= mostHosts) this.#budgets.clear();
      const budget = { tokens: mostSaved, at: now, held: 0 };
      this.#budgets.set(host, budget);
      return budget;
    }
    const passed = Math.max(0, now - known.at) / 1000;
    known.tokens = Math.min(known.tokens + passed * freePerSecond * cost, mostSaved);
    known.at = now;
    return known;
  }
}
