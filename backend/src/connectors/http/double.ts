import type { DoubleRequest, Fault, HttpReply, ServiceDouble } from '@sluice/shared/connector';

export interface HttpDoubleOptions {
  host?: string;
  /** Whether a POST or PATCH that repeats its Idempotency-Key is answered from memory. */
  honoursKeys?: boolean;
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A small API: `/orders` and `/orders/:id` keep what they are sent, `/echo` tells what arrived,
 * `/status/:code` answers with that code, `/slow` never answers.
 */
export function httpDouble({ host = 'api.example.com', honoursKeys = true }: HttpDoubleOptions = {}): ServiceDouble {
  const tokens = new Set<string>();
  const orders = new Map<string, unknown>();
  const answers = new Map<string, { fingerprint: string; reply: HttpReply }>();
  const effects: string[] = [];
  let fault: Fault | undefined;

  function write(request: DoubleRequest, path: string): HttpReply {
    const key = honoursKeys && !isNatural(request.method) ? request.headers['idempotency-key'] : undefined;
    const fingerprint = JSON.stringify([request.method, path, request.body]);
    const earlier = key === undefined ? undefined : answers.get(key);
    if (earlier !== undefined) return earlier.fingerprint === fingerprint ? earlier.reply : keyReused;
    const reply = change(request, path);
    if (key !== undefined) answers.set(key, { fingerprint, reply });
    return reply;
  }

  function change({ method, body }: DoubleRequest, path: string): HttpReply {
    if (method === 'POST' && path === '/orders') {
      const id = `ord_${orders.size + 1}`;
      const order = { id, ...(typeof body === 'object' ? body : { text: body }) };
      orders.set(id, order);
      effects.push(`created order ${id}`);
      return json(201, order);
    }
    const id = /^\/orders\/(\w+)$/.exec(path)?.[1];
    if (id === undefined) return json(404, { error: 'not found' });
    if (method === 'DELETE') {
      if (orders.delete(id)) effects.push(`deleted order ${id}`);
      return { status: 204, headers: {}, body: null };
    }
    if (JSON.stringify(orders.get(id)) !== JSON.stringify(body)) effects.push(`changed order ${id}`);
    orders.set(id, body);
    return json(200, body);
  }

  function read({ headers, method, body }: DoubleRequest, url: URL): HttpReply {
    if (url.pathname === '/echo') return json(200, { method, path: url.pathname, query: url.search, headers, body });
    if (url.pathname === '/orders') return json(200, { orders: [...orders.values()] });
    const order = orders.get(url.pathname.replace('/orders/', ''));
    return order === undefined ? json(404, { error: 'not found' }) : json(200, order);
  }

  return {
    host,
    grant() {
      const token = `double-http-token-${tokens.size + 1}`;
      tokens.add(token);
      return { kind: 'bearer', token };
    },
    async handle(request) {
      const url = new URL(request.url);
      const token = request.headers['x-api-key'] ?? request.headers.authorization?.replace(/^Bearer /, '');
      if (token === undefined || !tokens.has(token)) return json(401, { error: 'unknown token' });
      if (url.pathname === '/slow') return 'hang';
      const status = /^\/status\/(\d{3})$/.exec(url.pathname)?.[1];
      if (status !== undefined) return json(Number(status), { status: Number(status) }, { 'retry-after': '3' });
      if (reads.has(request.method) || url.pathname === '/echo') return read(request, url);

      const now = fault;
      fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit') return json(429, { error: 'slow down' }, { 'retry-after': '3' });
      if (now === 'unavailable') return json(503, { error: 'down for a moment' });
      if (now === 'reject') return json(422, { error: 'refused' });
      const reply = write(request, url.pathname);
      return now === 'drop-reply' ? 'drop' : reply;
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}

const keyReused = json(422, { error: 'this idempotency key was used for another request' });

function isNatural(method: string): boolean {
  return method === 'PUT' || method === 'DELETE';
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}
