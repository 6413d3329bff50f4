import { createServer, type IncomingMessage } from 'node:http';

export interface Answer {
  status: number;
  body: unknown;
}

/** What a key service may be told to do instead of its work. */
export interface Trouble {
  /** Answers so many questions with this status first. */
  fail(count: number, status: number): void;
  /** Takes questions and never answers, until told otherwise. */
  hang(isHanging: boolean): void;
  close(): Promise<void>;
}

/** A service of JSON over HTTP on a port of this machine. */
export async function serve(
  answer: (request: IncomingMessage, body: Buffer) => Answer,
): Promise<Trouble & { origin: string; asked: string[] }> {
  const asked: string[] = [];
  let failures = { left: 0, status: 500 };
  let hangs = false;
  const server = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      asked.push(`${req.method} ${req.url} ${String(req.headers['x-amz-target'] ?? '')}`.trim());
      if (hangs) return;
      if (failures.left > 0) {
        failures.left -= 1;
        res.writeHead(failures.status).end('not now');
        return;
      }
      const { status, body } = answer(req, Buffer.concat(chunks));
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    fail(count, status) {
      failures = { left: count, status };
    },
    hang(isHanging) {
      hangs = isHanging;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
