import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An outside service that keeps a ledger of what it was asked to do, by idempotency key. */
export interface Sink {
  /** `127.0.0.1:port` */
  host: string;
  /** Requests by key; requests without one under ''. */
  readonly calls: Map<string, { body: unknown; at: number }[]>;
  /** Answers the next requests so, instead of 200. */
  answer: (request: { body: unknown; key: string; nth: number }) => {
    status: number;
    headers?: Record<string, string>;
    afterMs?: number;
    drop?: boolean;
  };
  /** Settles when so many keys were seen. */
  reached(keys: number): Promise<void>;
  close(): Promise<void>;
}

export async function openSink(): Promise<Sink> {
  const calls: Sink['calls'] = new Map();
  const waiting: { keys: number; done: () => void }[] = [];
  const server = createServer((req, res) => void take(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of req) text += chunk;
    const body: unknown = text === '' ? null : JSON.parse(text);
    const key = String(req.headers['idempotency-key'] ?? '');
    const seen = calls.get(key) ?? [];
    calls.set(key, seen);
    seen.push({ body, at: performance.now() });
    for (const { keys, done } of waiting) if (calls.size >= keys) done();
    const { status, headers = {}, afterMs = 0, drop = false } = sink.answer({ body, key, nth: seen.length });
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (drop) return void req.socket.destroy();
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify({ ok: status < 400, key }));
  }

  const sink: Sink = {
    host: `127.0.0.1:${port}`,
    calls,
    answer: () => ({ status: 200 }),
    reached: (keys) => new Promise((done) => (calls.size >= keys ? done() : waiting.push({ keys, done }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return sink;
}
