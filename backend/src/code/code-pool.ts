import type { Json } from '@sluice/shared/lib';
import { busy, type CodeResult, explainEnd, stopped } from './explain-end.js';
import { codeLimits } from './limits.js';
import { SandboxThread } from './sandbox-thread.js';

export type { CodeResult } from './explain-end.js';

export interface CodeJob {
  /** The body of a function with `input` in scope. What it returns must be JSON; nothing becomes null. */
  source: string;
  input: Json;
  signal?: AbortSignal;
}

interface Waiting extends CodeJob {
  settle(result: CodeResult): void;
}

const mostThreads = 2;
/** Each takes about a second at worst, so the last of them waits less than a minute. */
const mostWaiting = 64;

/**
 * Runs code that users wrote, where it can reach nothing: no clock, no network, no process, no other run. A thread is
 * started when the first job comes and kept; one that had to be killed is replaced by the next job.
 */
export class CodePool {
  readonly #idle: SandboxThread[] = [];
  readonly #busy = new Set<SandboxThread>();
  readonly #waiting = new Set<Waiting>();
  #isClosed = false;

  /** Never rejects. */
  run(job: CodeJob): Promise<CodeResult> {
    const { signal } = job;
    if (this.#isClosed || signal?.aborted === true) return Promise.resolve(stopped);
    if (this.#waiting.size >= mostWaiting) return Promise.resolve(busy);
    return new Promise((resolve) => {
      const leave = () => {
        if (this.#waiting.delete(waiting)) waiting.settle(stopped);
      };
      const waiting: Waiting = {
        ...job,
        settle(result) {
          signal?.removeEventListener('abort', leave);
          resolve(result);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
      this.#admit();
    });
  }

  /** What runs and what waits ends as stopped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { settle } of this.#waiting) settle(stopped);
    this.#waiting.clear();
    await Promise.all([...this.#idle, ...this.#busy].map((thread) => thread.stop()));
  }

  #admit(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#busy.size >= mostThreads) return;
    this.#waiting.delete(next);
    void this.#work(this.#idle.pop() ?? new SandboxThread(codeLimits), next);
  }

  async #work(thread: SandboxThread, { source, input, signal, settle }: Waiting): Promise<void> {
    this.#busy.add(thread);
    const reply = await thread.run({ source, input: JSON.stringify(input) }, signal);
    this.#busy.delete(thread);
    if (thread.isAlive) this.#idle.push(thread);
    settle(this.#isClosed ? stopped : explainEnd(reply, source));
    this.#admit();
  }
}
