import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the service did for one order and step; it outlives every process that asks it. */
export interface LedgerLine {
  key: string;
  /** Writes that changed something; repeats that the service drops are not among them. */
  effects: number;
}

/** An outside service with a ledger: `/keyed` drops repeats of a key, `/natural` overwrites, `/checkable` can be asked, `/unsafe` does it again. */
export interface LedgerService {
  host: string;
  /** By `order step`. */
  readonly lines: ReadonlyMap<string, LedgerLine>;
  /** Requests to write, repeats among them. */
  readonly writes: number;
  /** Called for each write once it is done, before the answer; `false` keeps the answer back for ever. */
  onWrite(line: string): boolean;
  close(): Promise<void>;
}

export async function openLedgerService(): Promise<LedgerService> {
  const lines = new Map<string, LedgerLine>();
  const byKey = new Map<string, LedgerLine>();
  let writes = 0;
  const server = createServer((req, res) => void take(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();

  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of req) text += chunk;
    const key = String(req.headers['idempotency-key']);
    const effect = (req.url ?? '').slice(1);
    if (req.method === 'GET') return answer(res, byKey.has(key) ? { line: 1, n: 1 } : null);
    const { line } = JSON.parse(text);
    writes += 1;
    const known = byKey.get(key) ?? { key, effects: 0 };
    if (known.effects === 0 || (effect !== 'keyed' && effect !== 'natural')) known.effects += 1;
    byKey.set(key, known);
    const before = lines.get(line);
    // Another key for the same step would be work that no service can tell from new work.
    lines.set(
      line,
      before === undefined || before === known ? known : { key, effects: before.effects + known.effects },
    );
    if (service.onWrite(line)) answer(res, { line: 1, n: known.effects });
  }

  const service: LedgerService = {
    host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    lines,
    get writes() {
      return writes;
    },
    onWrite: () => true,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return service;
}

function answer(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
