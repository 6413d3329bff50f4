import { type buildConnector, Pool } from 'undici';
import { dial, type Route } from './dial.js';

export interface HttpPoolOptions {
  connections: number;
  ca?: string[] | undefined;
  /** Where a new socket goes. */
  route(): Route | Promise<Route>;
  /** Between two signs of life; without it the call's own deadline rules. */
  patienceMs?: number;
}

const maxHeaderBytes = 64 * 1024;

/** HTTP/1.1 over sockets that are dialled here, one request at a time on each. */
export function openHttpPool(origin: string, { connections, ca, route, patienceMs = 0 }: HttpPoolOptions): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 60_000,
    connect: (_options, done) => void connect(route, ca, done),
  });
}

async function connect(
  route: HttpPoolOptions['route'],
  ca: string[] | undefined,
  done: buildConnector.Callback,
): Promise<void> {
  let socket;
  try {
    socket = await dial(await route(), { ca });
  } catch (error) {
    done(error instanceof Error ? error : new Error('not connected', { cause: error }), null);
    return;
  }
  done(null, socket);
}
