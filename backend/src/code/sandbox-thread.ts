import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CodeLimits } from './limits.js';
import type { SandboxEnd, SandboxJob } from './sandbox.js';

/** A thread that is killed takes along what the code had logged. */
export interface ThreadReply {
  end: SandboxEnd | { kind: 'broke' | 'stopped' };
  logs: string[];
}

/** As this file: built or source. */
const program = new URL(`./sandbox${extname(import.meta.url)}`, import.meta.url);
/** A call into the engine that never yields is cut this long after it should have ended. */
const graceMs = 250;
/** These bound the thread's own heap; the machine's memory is bounded by its own limit. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 8 };

/** A thread that runs one job at a time, and may have to be killed for it. */
export class SandboxThread {
  readonly #worker: Worker;
  readonly #limits: CodeLimits;
  readonly #ready: Promise<unknown>;
  isAlive = true;

  constructor(limits: CodeLimits) {
    this.#limits = limits;
    this.#worker = new Worker(program, { workerData: limits, env: {}, execArgv: [], resourceLimits });
    this.#worker.on('error', () => (this.isAlive = false));
    this.#worker.on('exit', () => (this.isAlive = false));
    this.#ready = new Promise((resolve) => this.#worker.once('message', resolve).once('exit', resolve));
    // What waits for a result keeps the process; a warm thread doesn't.
    this.#worker.unref();
  }

  /** Never rejects. Starting the thread doesn't count as the job's time. */
  async run(job: SandboxJob, signal?: AbortSignal): Promise<ThreadReply> {
    this.#worker.ref();
    try {
      await this.#ready;
      return await this.#finish(job, signal);
    } finally {
      this.#worker.unref();
    }
  }

  async stop(): Promise<void> {
    this.isAlive = false;
    await this.#worker.terminate();
  }

  #finish(job: SandboxJob, signal: AbortSignal | undefined): Promise<ThreadReply> {
    return new Promise((resolve) => {
      const settle = (reply: ThreadReply) => {
        clearTimeout(timer);
        this.#worker.off('message', settle).off('exit', broke);
        signal?.removeEventListener('abort', stop);
        resolve(reply);
      };
      const broke = () => settle({ end: { kind: 'broke' }, logs: [] });
      const kill = (kind: 'timeout' | 'stopped') => {
        this.#worker.off('exit', broke);
        void this.stop().then(() => settle({ end: { kind }, logs: [] }));
      };
      const stop = () => kill('stopped');
      const timer = setTimeout(() => kill('timeout'), this.#limits.milliseconds + graceMs);
      if (signal?.aborted === true) return stop();
      if (!this.isAlive) return broke();
      signal?.addEventListener('abort', stop, { once: true });
      this.#worker.on('message', settle).on('exit', broke);
      this.#worker.postMessage(job);
    });
  }
}
