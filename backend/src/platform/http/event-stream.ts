import type { ServerResponse } from 'node:http';

/** Proxies drop a quiet connection after 30 to 60 s. */
const heartbeatMs = 20_000;
/** A stream ends now and then, and the browser asks again: so roles that changed are felt. */
const lifeMs = 10 * 60_000;

export interface EventStream {
  send(event: string, data: unknown): void;
  /** Ends with the connection, or sooner. */
  onEnd(release: () => void): void;
  end(): void;
}

const open = new Set<ServerResponse>();

/** Ends every stream: a server that stops waits for its answers, and these have no end of their own. */
export function endEventStreams(): void {
  for (const res of open) res.end();
}

/**
 * Turns an answer into server-sent events (WHATWG HTML, 9.2).
 * `mayGoOn` is asked at each heartbeat; a no ends the stream, a rejection leaves it open until the next one.
 */
export function openEventStream(res: ServerResponse, mayGoOn: () => Promise<boolean>): EventStream {
  const releases: (() => void)[] = [];
  res.statusCode = 200;
  res.setHeader('Content-Type', 'text/event-stream');
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Accel-Buffering', 'no');
  res.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => {
    res.write(': still here\n\n');
    mayGoOn().then(
      (may) => {
        if (!may) res.end();
      },
      () => undefined,
    );
  }, heartbeatMs);
  const life = setTimeout(() => res.end(), lifeMs);
  open.add(res);
  res.on('close', () => {
    open.delete(res);
    clearInterval(heartbeat);
    clearTimeout(life);
    for (const release of releases) release();
  });
  return {
    send: (event, data) => {
      res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    onEnd: (release) => {
      releases.push(release);
    },
    end: () => res.end(),
  };
}
