import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { DeclarationChanges } from '@sluice/shared/openapi';
import { Problem } from '../../platform/problem.js';
import type { ThreadJob } from './document-thread.js';
import type { DocumentJob, DocumentResult, StoredTexts } from './read-text.js';

const program = new URL(`./document-thread${extname(import.meta.url)}`, import.meta.url);
const timeoutMs = 20_000;
/** A thread that grows beyond is ended by the machine, and the process goes on. */
const resourceLimits = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const mostWaiting = 8;

/** Reads documents that strangers wrote, one at a time, in a thread that can be ended: the event loop goes on meanwhile. */
@Injectable()
export class DocumentReader {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Throws `connector.busy`. A document that takes too much time or memory is refused like any other. */
  async read(job: DocumentJob): Promise<DocumentResult> {
    return await this.run<DocumentResult>({ read: job });
  }

  /** What of a stored declaration another one changes; null where they say the same. Throws `connector.busy`. */
  async compare(texts: StoredTexts): Promise<{ changes: DeclarationChanges | null } | { refused: string }> {
    return await this.run({ compare: texts });
  }

  private async run<Result>(job: ThreadJob): Promise<Result | { refused: string }> {
    if (this.waiting >= mostWaiting) throw new Problem('connector.busy');
    this.waiting += 1;
    const result = this.last.then(() => run<Result>(job));
    this.last = result;
    try {
      return await result;
    } finally {
      this.waiting -= 1;
    }
  }
}

function run<Result>(job: ThreadJob): Promise<Result | { refused: string }> {
  return new Promise((resolve) => {
    const worker = new Worker(program, { env: {}, execArgv: [], resourceLimits });
    const settle = (result: Result | { refused: string }) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(
      () => settle({ refused: 'The document takes too long to read: import a part of it.' }),
      timeoutMs,
    );
    worker.once('message', settle);
    worker.once('error', () =>
      settle({ refused: 'The document is too large, or nested too deep, to be read: import a part of it.' }),
    );
    worker.once('exit', () => settle({ refused: 'The document is too large to be read: import a part of it.' }));
    worker.postMessage(job);
  });
}
