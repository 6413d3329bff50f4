import { type HostPort, normaliseHostname, parseHostPort, parseUrl } from './host-port.js';

/** Where a stand-in listens. */
export interface StandIn extends HostPort {
  isTls: boolean;
  /** Put before the request's path; '' for none. */
  prefix: string;
}

const protocols: Readonly<Record<string, { isTls: boolean; port: number }>> = {
  'https:': { isTls: true, port: 443 },
  'http:': { isTls: false, port: 80 },
  'smtps:': { isTls: true, port: 465 },
  'smtp:': { isTls: false, port: 25 },
  'imaps:': { isTls: true, port: 993 },
  'imap:': { isTls: false, port: 143 },
};

/** Declared hosts and the stand-ins that answer for them (SLUICE_DOUBLES). */
export class StandIns {
  readonly #byHost = new Map<string, StandIn>();

  /** `api.hubapi.com` to `http://127.0.0.1:4020`; a host without a port stands for all of its ports. Throws. */
  constructor(doubles: ReadonlyMap<string, string>) {
    for (const [host, address] of doubles) {
      const declared = parseHostPort(host);
      const standIn = parseStandIn(address);
      if (declared === null || standIn === null) {
        throw new Error(
          `"${host}=${address}" isn't a host and the address of its stand-in, such as api.hubapi.com=http://127.0.0.1:4020.`,
        );
      }
      this.#byHost.set(/:\d+$/.test(host) ? keyOf(declared) : declared.host, standIn);
    }
  }

  find(target: HostPort): StandIn | null {
    return this.#byHost.get(keyOf(target)) ?? this.#byHost.get(target.host) ?? null;
  }
}

function keyOf({ host, port }: HostPort): string {
  return `${host} ${port}`;
}

function parseStandIn(address: string): StandIn | null {
  const url = parseUrl(address);
  const protocol = url === null ? undefined : protocols[url.protocol];
  if (url === null || protocol === undefined || url.username !== '' || url.search !== '') return null;
  const host = normaliseHostname(url.hostname);
  if (host === null) return null;
  return {
    host,
    port: url.port === '' ? protocol.port : Number(url.port),
    isTls: protocol.isTls,
    prefix: url.pathname.replace(/\/$/, ''),
  };
}
