import { alwaysOpen } from '../gate.js';
import { KeyServiceAway } from '../../platform/keys/key-service.js';
import { HttpDriver } from '../drivers/http.js';
import { Egress } from '../egress/egress.js';
import { formatHost, type HostPort, normaliseHostname } from '../egress/host-port.js';
import { type Lookup, lookUp } from '../egress/resolve.js';
import { parseHttpTarget } from '../egress/target.js';
import { CallEnded } from '../refusal.js';

export interface LineOptions {
  /** Scheme, host and port. */
  origin: string;
  /** As for connections: a service in a private network must be listed. */
  allowPrivateHosts: readonly string[];
  now: () => number;
  /** Of one try. */
  patienceMs?: number;
  trustedCertificates?: readonly string[];
  lookup?: Lookup;
}

interface Question {
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

const patience = 5000;
const tries = 3;
const sockets = 8;

/** Asks one key service, by the egress rules that hold for everything else: each address is checked before it is dialled. */
export class GuardedLine {
  readonly #http: HttpDriver;
  readonly #egress: Egress;
  readonly #options: LineOptions;
  /** What the Host header says. */
  readonly label: string;

  constructor(options: LineOptions) {
    this.#options = options;
    this.label = formatHost(placeOf(options.origin));
    this.#egress = new Egress({ ...options, doubles: new Map(), lookup: options.lookup ?? lookUp });
    this.#http = new HttpDriver({ ca: this.#egress.ca, socketsPerPool: sockets });
  }

  /** What is asked may be asked again. Rejects with KeyServiceAway after the last try. */
  async ask(question: () => Question): Promise<{ status: number; body: unknown }> {
    for (let left = tries; ; left -= 1) {
      const answer = await this.#send(question()).catch((error: unknown) => {
        if (!(error instanceof CallEnded)) throw error;
        // What the guard refuses stays refused.
        if (left > 1 && error.failure.kind !== 'refused') return null;
        throw new KeyServiceAway(`The key service can't be asked. ${error.message}`, { cause: error });
      });
      if (answer !== null && answer.status < 500 && answer.status !== 429) return answer;
      if (left > 1) continue;
      throw new KeyServiceAway(
        `The key service at ${this.#options.origin} answered ${answer?.status}: nothing is sealed or opened until it is up again.`,
      );
    }
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #send({ method, path, headers, body }: Question): Promise<{ status: number; body: unknown }> {
    const { origin, patienceMs = patience } = this.#options;
    const target = parseHttpTarget(origin, [this.label]);
    const { route } = await this.#egress.findRoute(target, { production: true });
    const reply = await this.#http.send({
      key: 'key service',
      label: target.label,
      route,
      request: { method, pathname: path, search: '', headers, body: body === undefined ? null : Buffer.from(body) },
      milliseconds: patienceMs,
      gate: alwaysOpen,
    });
    return { status: reply.status, body: parse(reply.body.toString('utf8')) };
  }
}

/** Host and port of an address, as they are compared and dialled. */
export function placeOf(origin: string): HostPort {
  const { hostname, port, protocol } = new URL(origin);
  return { host: normaliseHostname(hostname) ?? hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** Null for what is no JSON: the status says enough. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
