import { Readable, type Writable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Gate } from '../gate.js';
import { connectionLost, timedOut, tooLarge } from './http-failure.js';
import { maxBodyBytes } from './http-body.js';

export interface RawReply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** That came in, before any decoding. */
  bytes: number;
}

/** Where a body goes as it comes; null: it is gathered. */
export type OpenSink = (status: number, headers: RawReply['headers']) => Writable | null;

/**
 * One request and its whole answer. Rejects with CallEnded; `uncertain` from the moment the request was handed to a
 * connected socket.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: {
    label: string;
    milliseconds: number;
    gate: Gate;
    signal?: AbortSignal | undefined;
    into?: OpenSink | undefined;
  },
): Promise<RawReply> {
  const { label, milliseconds, gate, signal, into } = limits;
  return new Promise((resolve, reject) => {
    let isSent = false;
    let isOver = false;
    let status = 0;
    let headers: RawReply['headers'] = {};
    let size = 0;
    let sink: Writable | null = null;
    const chunks: Buffer[] = [];
    let abort: (() => void) | null = null;

    const finish = (end: () => void) => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // One that never got a connection is read by nobody, and what it holds open would stay so.
      if (options.body instanceof Readable) options.body.destroy();
      end();
    };
    const fail = (error: Error) => {
      finish(() => reject(error));
      sink?.destroy(error);
      abort?.();
    };
    const onAbort = () => fail(connectionLost(label, isSent, 'aborted'));
    const timer = setTimeout(() => fail(timedOut(label, isSent)), milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) return onAbort();
    // The library hears of it while it holds the request only, and between two tries nobody would.
    if (options.body instanceof Readable)
      options.body.once('error', (error) => isOver || fail(connectionLost(label, isSent, error)));

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        abort = () => controller.abort(new Error('ended'));
        // Written right after this. One that waited for a socket past its end must not go out: its caller was told so.
        if (isOver) controller.abort(new Error('ended'));
        // Thrown, it leaves the socket open: the next try has no need to wait for one.
        else if (!gate.isOpen()) throw shut;
        else isSent = true;
      },
      onResponseStart(controller, code, received) {
        status = code;
        headers = received;
        sink = into?.(code, received) ?? null;
        // Whoever reads it stops: nothing more is wanted.
        sink?.once('close', () => isOver || fail(connectionLost(label, isSent, 'unread')));
        sink?.on('drain', () => controller.resume());
        if (sink === null && Number(received['content-length'] ?? 0) > maxBodyBytes && options.method !== 'HEAD')
          fail(tooLarge(label));
      },
      onResponseData(controller, chunk) {
        size += chunk.length;
        if (sink !== null) {
          if (!sink.write(chunk)) controller.pause();
        } else if (size > maxBodyBytes) fail(tooLarge(label));
        else chunks.push(chunk);
      },
      onResponseEnd: () =>
        finish(() => {
          sink?.end();
          resolve({ status, headers, body: Buffer.concat(chunks), bytes: size });
        }),
      onResponseError(_controller, error) {
        if (isOver) return;
        if (error === shut) gate.pass().then(dispatch, fail);
        else fail(connectionLost(label, isSent, error));
      },
    };
    const dispatch = () => isOver || dispatcher.dispatch(options, handler);
    dispatch();
  });
}

const shut = new Error('to be checked again');
