import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'otplib';

const stepSeconds = 30;

/**
 * The codes of one authenticator. Each works once, and the server takes one time step either way: so there are three at
 * hand, given out oldest first, and a fourth is waited for.
 */
export class Codes {
  #last = 0;

  constructor(private readonly secret: string) {}

  async next(): Promise<string> {
    const now = timeStep();
    const step = Math.max(this.#last + 1, now - 1);
    this.#last = step;
    if (step > now + 1) await sleep((step - 1) * stepSeconds * 1000 - Date.now());
    return await codeOf(this.secret, step);
  }
}

/** A code that works for the next minute; one step ahead, so that what the demo itself spent doesn't matter. */
export async function codeForNow(secret: string): Promise<string> {
  return await codeOf(secret, timeStep() + 1);
}

function timeStep(): number {
  return Math.floor(Date.now() / 1000 / stepSeconds);
}

async function codeOf(secret: string, step: number): Promise<string> {
  return await generate({ secret, epoch: step * stepSeconds });
}
