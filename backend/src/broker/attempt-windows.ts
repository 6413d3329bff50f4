import type { Capability } from './call.js';

/** One attempt may make several requests (look, then write; read page after page), but not without end. */
const maxCalls = 200;

/** Counts what each capability was used for until its deadline, so that a stolen one can't be used for long. */
export class AttemptWindows {
  readonly #uses = new Map<string, { calls: number; deadline: number }>();
  #sweepAt = 0;

  /** False when the capability has made all the calls it may. */
  use({ nonce, deadline }: Capability, now: number): boolean {
    if (now >= this.#sweepAt) this.#sweep(now);
    const used = this.#uses.get(nonce);
    if (used === undefined) {
      this.#uses.set(nonce, { calls: 1, deadline });
      return true;
    }
    used.calls += 1;
    return used.calls <= maxCalls;
  }

  #sweep(now: number): void {
    this.#sweepAt = now + 60_000;
    for (const [nonce, { deadline }] of this.#uses) if (deadline <= now) this.#uses.delete(nonce);
  }
}
