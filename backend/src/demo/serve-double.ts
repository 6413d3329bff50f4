import type { HttpReply, ServiceDouble } from '@sluice/shared/connector';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedDouble {
  /** Where it listens: `http://127.0.0.1:4010`. */
  url: string;
  stop(): Promise<void>;
}

/** Mounts a stand-in over HTTP on loopback; port 0 takes a free one. */
export async function serveDouble(double: ServiceDouble, port = 0): Promise<ServedDouble> {
  const server = createServer((req, res) => {
    // A caller that was killed half-way is none of the stand-in's business.
    answer(double, req, res).catch(() => res.destroy());
  });
  await listen(server, port);
  const { port: taken } = addressOf(server);
  return { url: `http://127.0.0.1:${taken}`, stop: () => close(server) };
}

async function answer(double: ServiceDouble, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  const body = parse(Buffer.concat(chunks).toString('utf8'), headers['content-type']);
  const reply = await double.handle({
    method: req.method ?? 'GET',
    url: `https://${double.host}${req.url ?? '/'}`,
    headers,
    body,
  });
  if (reply === 'hang') return;
  if (reply === 'drop') {
    req.socket.destroy();
    return;
  }
  send(res, reply);
}

function send(res: ServerResponse, { status, headers, body }: HttpReply): void {
  const isText = typeof body === 'string';
  res.writeHead(status, { ...(body === null || isText ? {} : { 'content-type': 'application/json' }), ...headers });
  res.end(body === null ? undefined : isText ? body : JSON.stringify(body));
}

function parse(text: string, type = ''): unknown {
  if (text === '') return null;
  if (!type.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function listen(server: Pick<Server, 'listen' | 'once' | 'off'>, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

export function addressOf(server: Pick<Server, 'address'>): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port');
  return address;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
