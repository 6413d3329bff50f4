import type { IncomingMessage } from 'node:http';
import type { RefusalCode } from './refusals.js';

/** A file has so long to come in. */
export const filePatienceMs = 60_000;

/** Ends an upload: nothing of it is kept. */
export class UploadRefused extends Error {
  constructor(
    readonly code: RefusalCode | 'gone',
    readonly bytes: number,
  ) {
    super(code);
  }
}

/** The body as it comes, each chunk shown to `feed` and the end to `end`. Throws UploadRefused at the limit and the deadline. */
export async function* readUpload(
  req: IncomingMessage,
  {
    mostBytes,
    patienceMs,
    feed,
    end,
  }: { mostBytes: number; patienceMs: number; feed: (chunk: Buffer) => void; end: (bytes: number) => void },
): AsyncGenerator<Buffer> {
  let bytes = 0;
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), patienceMs);
  const chunks: AsyncIterator<Buffer> = req.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), late.promise]).catch(() => null);
      if (next === null) throw new UploadRefused('gone', bytes);
      if (next === 'late') throw new UploadRefused('request.too_slow', bytes);
      if (next.done === true) break;
      bytes += next.value.length;
      if (bytes > mostBytes) throw new UploadRefused('request.file_too_large', bytes);
      feed(next.value);
      yield next.value;
    }
    // A sender that breaks off ends its stream too.
    if (!req.complete) throw new UploadRefused('gone', bytes);
    end(bytes);
  } finally {
    clearTimeout(timer);
    req.pause();
  }
}
