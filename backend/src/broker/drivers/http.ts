import type { Pool } from 'undici';
import type { Route } from '../egress/dial.js';
import { formatHost } from '../egress/host-port.js';
import { openHttpPool } from '../egress/http-pool.js';
import type { Gate } from '../gate.js';
import type { OutgoingRequest } from '../inject.js';
import { decompress } from './http-body.js';
import { exchange, type OpenSink, type RawReply } from './http-exchange.js';
import { badReply } from './http-failure.js';

export interface HttpCall {
  /** Sockets are shared among calls of the same key only: one connection under one grant. */
  key: string;
  /** What the Host header says: the declared host, also when a stand-in answers for it. */
  label: string;
  route: Route;
  request: OutgoingRequest;
  /** Milliseconds that are left. */
  milliseconds: number;
  gate: Gate;
  signal?: AbortSignal | undefined;
  into?: OpenSink | undefined;
}

interface KeptPool {
  pool: Pool;
  /** Where new sockets go: the addresses that were checked last. */
  route: Route;
}

/** Pools beyond this are closed, the least used first. */
const maxPools = 500;

/** HTTP/1.1 over checked addresses. Redirects are answers like any other: nothing is followed. */
export class HttpDriver {
  readonly #pools = new Map<string, KeptPool>();
  readonly #ca: string[] | undefined;
  readonly #socketsPerPool: number;

  constructor(options: { ca?: string[] | undefined; socketsPerPool: number }) {
    this.#ca = options.ca;
    this.#socketsPerPool = options.socketsPerPool;
  }

  /** Rejects with CallEnded. */
  async send(call: HttpCall): Promise<RawReply> {
    const { request, label } = call;
    const reply = await exchange(
      this.#poolFor(call),
      {
        path: `${request.pathname}${request.search}`,
        method: request.method,
        headers: { ...request.headers, host: label },
        body: request.body,
      },
      call,
    );
    if (request.method === 'HEAD') return reply;
    try {
      return { ...reply, body: await decompress(reply.body, one(reply.headers['content-encoding'])) };
    } catch (cause) {
      throw badReply(label, cause);
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.destroy()));
  }

  #poolFor({ key, route }: HttpCall): Pool {
    const origin = `${route.isTls ? 'https' : 'http'}://${formatHost({ host: route.host, port: route.port })}`;
    const id = `${key} ${origin} ${route.port}`;
    const kept = this.#pools.get(id);
    // Set again at each use, so that the first in the map is the least used.
    this.#pools.delete(id);
    if (kept !== undefined) {
      kept.route = route;
      this.#pools.set(id, kept);
      return kept.pool;
    }
    const made: KeptPool = {
      route,
      pool: openHttpPool(origin, { connections: this.#socketsPerPool, ca: this.#ca, route: () => made.route }),
    };
    this.#pools.set(id, made);
    for (const [oldest, { pool }] of this.#pools) {
      if (this.#pools.size <= maxPools) break;
      this.#pools.delete(oldest);
      // Ends when its running calls have.
      pool.close().catch(() => undefined);
    }
    return made.pool;
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
