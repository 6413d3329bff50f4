import type { IncomingMessage } from 'node:http';

export const mostBodyBytes = 1024 * 1024;
/** A value has so long to come in. */
export const bodyPatienceMs = 15_000;

export type BodyRead =
  | { ok: true; body: Buffer }
  | { ok: false; code: 'request.too_large' | 'request.too_slow'; bytes: number }
  | { ok: false; code: 'gone'; bytes: number };

/** The raw bytes, as they came. Stops at the limit and at the deadline. */
export function readBody(
  req: IncomingMessage,
  { mostBytes = mostBodyBytes, patienceMs = bodyPatienceMs }: { mostBytes?: number; patienceMs?: number } = {},
): Promise<BodyRead> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > mostBytes) return Promise.resolve({ ok: false, code: 'request.too_large', bytes: declared });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => end({ ok: false, code: 'request.too_slow', bytes }), patienceMs);
    const end = (read: BodyRead) => {
      clearTimeout(timer);
      req.off('data', take).off('end', done).off('close', gone).pause();
      resolve(read);
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) end({ ok: false, code: 'request.too_large', bytes });
      else chunks.push(chunk);
    };
    const [done, gone] = [() => end({ ok: true, body: joined(chunks) }), () => end({ ok: false, code: 'gone', bytes })];
    req
      .on('data', take)
      .on('end', done)
      .on('close', gone)
      .on('error', () => undefined);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}
