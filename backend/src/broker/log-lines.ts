import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { alwaysOpen } from './gate.js';
import { HttpDriver } from './drivers/http.js';
import { Egress } from './egress/egress.js';
import { formatHost, normaliseHostname } from './egress/host-port.js';
import { type Lookup, lookUp } from './egress/resolve.js';
import { parseHttpTarget } from './egress/target.js';

/*
 * Where the log goes, by the configuration alone: a witness, a SIEM. By the egress rules that hold for everything else:
 * each address is checked before it is dialled, a private one must be listed, and without TLS nothing goes to the others.
 */

export interface LogLineOptions {
  allowPrivateHosts: readonly string[];
  now: () => number;
  trustedCertificates?: readonly string[];
  lookup?: Lookup;
}

const patienceMs = 10_000;

/** Posts to one address over https. */
export class HttpLogLine {
  readonly #egress: Egress;
  readonly #http: HttpDriver;

  constructor(options: LogLineOptions) {
    this.#egress = openEgress(options);
    this.#http = new HttpDriver({ ca: this.#egress.ca, socketsPerPool: 2 });
  }

  /** `token` goes along as bearer. Rejects with CallEnded when it can't be reached or does not answer in ten seconds. */
  async post(
    url: string,
    {
      headers: own,
      body,
      token = null,
    }: { headers: Readonly<Record<string, string>>; body: string; token?: KeyObject | null },
  ): Promise<{ status: number; text: string }> {
    const { hostname, port, protocol, pathname, search } = new URL(url);
    const host = normaliseHostname(hostname) ?? hostname;
    const label = formatHost({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
    const target = parseHttpTarget(url, [label]);
    const headers = token === null ? own : { ...own, authorization: `Bearer ${token.export().toString('utf8')}` };
    const { route } = await this.#egress.findRoute(target, { production: true });
    const reply = await this.#http.send({
      key: 'log',
      label: target.label,
      route,
      request: { method: 'POST', pathname, search, headers, body: Buffer.from(body) },
      milliseconds: patienceMs,
      gate: alwaysOpen,
    });
    return { status: reply.status, text: reply.body.toString('utf8') };
  }

  async close(): Promise<void> {
    await this.#http.close();
  }
}

/** Syslog over TLS: RFC 5425, each message with its length before it. */
export class SyslogLine {
  readonly #egress: Egress;
  #socket: Socket | null = null;

  constructor(
    private readonly place: { host: string; port: number; isTls: boolean },
    options: LogLineOptions,
  ) {
    this.#egress = openEgress(options);
  }

  /**
   * Hands messages over. RFC 5425 has no receipt: the receiver has them when it closes its side after all was read, so the
   * connection is ended with each lot and must be ended by the other side without an error. Rejects when it was not.
   */
  async send(messages: readonly string[]): Promise<void> {
    const socket = await this.#egress.dial(this.place, { production: true });
    this.#socket = socket;
    try {
      socket.setTimeout(patienceMs, () => socket.destroy(new Error('The receiver did not end the connection.')));
      const ended = once(socket, 'close');
      // Whatever it says is read and thrown away: else its end is never seen.
      socket.resume();
      const failed = new Promise<never>((_resolve, reject) => socket.once('error', reject));
      socket.end(messages.map((message) => `${Buffer.byteLength(message)} ${message}`).join(''));
      await Promise.race([ended, failed]);
    } finally {
      socket.destroy();
      this.#socket = null;
    }
  }

  async close(): Promise<void> {
    // Closed without an error it would seem that the receiver had read it all.
    this.#socket?.destroy(new Error('The connection to the receiver was closed before it had read all.'));
  }
}

function openEgress({ lookup = lookUp, ...options }: LogLineOptions): Egress {
  return new Egress({ ...options, doubles: new Map(), lookup });
}
