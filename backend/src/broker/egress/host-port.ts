import { isIP } from 'node:net';

/** A host as it is compared and dialled: lower case, punycode, IPv4 in dots, IPv6 without brackets, no trailing dot. */
export interface HostPort {
  host: string;
  port: number;
}

/** Reads a `host` or `host:port` entry (443 when it names no port). Null when it is anything else. */
export function parseHostPort(entry: string): HostPort | null {
  if (/[/?#@*\\\s]/.test(entry)) return null;
  const url = parseUrl(`https://${entry}`);
  if (url === null) return null;
  const host = normaliseHostname(url.hostname);
  return host === null ? null : { host, port: url.port === '' ? 443 : Number(url.port) };
}

export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** Takes a WHATWG hostname, which is already lower case, mapped (UTS 46) and in punycode. */
export function normaliseHostname(hostname: string): string | null {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return host === '' || host.startsWith('.') || host.endsWith('.') || host.includes('..') ? null : host;
}

export function formatHost({ host, port }: HostPort): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
}

export function isSameHost(one: HostPort, other: HostPort): boolean {
  return one.host === other.host && one.port === other.port;
}

/** The name of a server for mail, files or rows, which no URL carries. */
export function normaliseServerName(name: string): string | null {
  return parseHostPort(name.includes(':') && !name.startsWith('[') ? `[${name}]` : name)?.host ?? null;
}
