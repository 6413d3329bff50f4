import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { type HostPort, parseHostPort } from './host-port.js';

interface Entry {
  /** A name, or null for a range. */
  name: string | null;
  range: [ipaddr.IPv4 | ipaddr.IPv6, number] | null;
  /** Null: any port. */
  port: number | null;
}

/** What the operator lets the broker reach although it is private or in the clear (SLUICE_ALLOW_PRIVATE_HOSTS). */
export class AllowList {
  readonly #entries: readonly Entry[];

  /** Hosts, addresses or CIDRs, each with an optional port: `db.lan`, `127.0.0.1:4010`, `10.0.0.0/8`, `[fd00::]/8:443`. Throws. */
  constructor(entries: readonly string[]) {
    this.#entries = entries
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map(parseEntry);
  }

  /** Whether this very host, as it is named, is listed: then plain http and address literals may be used too. */
  lists({ host, port }: HostPort): boolean {
    if (isIP(host) !== 0) return this.admits(host, port);
    return this.#entries.some((entry) => entry.name === host && isPort(entry, port));
  }

  /** Whether an address lies in a listed range. */
  admits(address: string, port: number): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.parse(address);
    return this.#entries.some(({ range, ...entry }) => {
      return range !== null && isPort(entry, port) && range[0].kind() === parsed.kind() && parsed.match(range);
    });
  }
}

function isPort({ port }: Pick<Entry, 'port'>, wanted: number): boolean {
  return port === null || port === wanted;
}

function parseEntry(entry: string): Entry {
  const parsed = isIP(entry) === 0 ? (parseRange(entry) ?? parseName(entry)) : makeRange(entry, undefined, undefined);
  if (parsed === null) {
    throw new Error(`"${entry}" isn't a host, an address or a range such as 10.0.0.0/8, with an optional :port.`);
  }
  return parsed;
}

/** `10.0.0.1:80`, `10.0.0.0/8`, `10.0.0.0/8:443`, `[::1]:80`, `[fd00::]/8:443`, `fd00::/8`. */
function parseRange(entry: string): Entry | null {
  const bracketed = /^\[([^\]]+)\](?:\/(\d{1,3}))?(?::(\d{1,5}))?$/.exec(entry);
  const [, address = '', bits, port] =
    bracketed ?? /^([^/]+)\/(\d{1,3})(?::(\d{1,5}))?$/.exec(entry) ?? /^([\d.]+)()(?::(\d{1,5}))$/.exec(entry) ?? [];
  return isIP(address) === 0 ? null : makeRange(address, bits, port);
}

function makeRange(text: string, bits: string | undefined, port: string | undefined): Entry | null {
  const address = ipaddr.parse(text);
  const most = address.toByteArray().length * 8;
  const prefix = bits === undefined || bits === '' ? most : Number(bits);
  const number = port === undefined ? null : Number(port);
  return prefix > most || !isPortNumber(number) ? null : { name: null, range: [address, prefix], port: number };
}

function parseName(entry: string): Entry | null {
  const [, name = '', port] = /^([^:[\]/]+)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const host = parseHostPort(name)?.host;
  const number = port === undefined ? null : Number(port);
  return host === undefined || !isPortNumber(number)
    ? null
    : isIP(host) === 0
      ? { name: host, range: null, port: number }
      : makeRange(host, undefined, port);
}

function isPortNumber(port: number | null): boolean {
  return port === null || (port > 0 && port < 65536);
}
