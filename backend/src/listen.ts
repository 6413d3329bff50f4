import type { Server } from 'node:http';
import type { Config } from './config/env.js';
import { StartProblem } from './config/start-problem.js';
import { endEventStreams } from './platform/http/event-stream.js';

/** Long enough for slow phones, short enough that a trickle of bytes holds nothing for long. */
const headersMs = 15_000;
const requestMs = 60_000;

/** What is being answered at a stop gets this long to end. */
const patienceMs = 10_000;
const sweepMs = 50;

/** Opens the port. Throws StartProblem when it is taken or not ours to open. */
export async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(explain(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

/** Takes nothing new, lets what is under way be answered, and cuts what takes too long. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  endEventStreams();
  // A kept connection becomes idle only once its last answer has gone.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

function explain(cause: Error & { code?: string }, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new StartProblem(`Port ${port} on ${host} is in use: stop what listens there, or set PORT to another.`, {
        cause,
      });
    case 'EACCES':
      return new StartProblem(`Port ${port} may not be opened by this user: set PORT to one above 1023.`, { cause });
    case 'EADDRNOTAVAIL':
      return new StartProblem(`${host} is no address of this machine: set HOST to one that is.`, { cause });
    default:
      return cause;
  }
}
