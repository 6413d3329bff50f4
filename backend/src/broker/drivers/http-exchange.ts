import type { Dispatcher } from 'undici';
import { connectionLost, timedOut, tooLarge } from './http-failure.js';
import { maxBodyBytes } from './http-body.js';

export interface RawReply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/**
 * One request and its whole answer. Rejects with CallEnded; `uncertain` from the moment the request was handed to a
 * connected socket.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: { label: string; milliseconds: number; signal?: AbortSignal | undefined },
): Promise<RawReply> {
  const { label, milliseconds, signal } = limits;
  return new Promise((resolve, reject) => {
    let isSent = false;
    let isOver = false;
    let status = 0;
    let headers: RawReply['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];
    let abort: (() => void) | null = null;

    const finish = (end: () => void) => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      end();
    };
    const fail = (error: Error) => {
      finish(() => reject(error));
      abort?.();
    };
    const onAbort = () => fail(connectionLost(label, isSent, 'aborted'));
    const timer = setTimeout(() => fail(timedOut(label, isSent)), milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) return onAbort();

    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        abort = () => controller.abort(new Error('ended'));
        // Written right after this. One that waited for a socket past its end must not go out: its caller was told so.
        if (isOver) controller.abort(new Error('ended'));
        else isSent = true;
      },
      onResponseStart(_controller, code, received) {
        status = code;
        headers = received;
        if (Number(received['content-length'] ?? 0) > maxBodyBytes && options.method !== 'HEAD') fail(tooLarge(label));
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > maxBodyBytes) fail(tooLarge(label));
        else chunks.push(chunk);
      },
      onResponseEnd: () => finish(() => resolve({ status, headers, body: Buffer.concat(chunks, size) })),
      onResponseError: (_controller, error) => finish(() => reject(connectionLost(label, isSent, error))),
    });
  });
}
