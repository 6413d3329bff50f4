import type { Server } from 'node:http';
import type { Config } from './config/env.js';
import { StartProblem } from './config/start-problem.js';

/** Long enough for slow phones, short enough that a trickle of bytes holds nothing for long. */
const headersMs = 15_000;
const requestMs = 60_000;

/** Opens the port. Throws StartProblem when it is taken or not ours to open. */
export async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(explain(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

function explain(cause: Error & { code?: string }, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new StartProblem(`Port ${port} on ${host} is in use: stop what listens there, or set PORT to another.`, { cause });
    case 'EACCES':
      return new StartProblem(`Port ${port} may not be opened by this user: set PORT to one above 1023.`, { cause });
    case 'EADDRNOTAVAIL':
      return new StartProblem(`${host} is no address of this machine: set HOST to one that is.`, { cause });
    default:
      return cause;
  }
}
