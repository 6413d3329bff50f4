import { isIP } from 'node:net';
import { refused, unreachable } from '../refusal.js';
import { whyNotPublic } from './address-class.js';
import type { AllowList } from './allow-list.js';
import { isMetadataAddress, isMetadataName } from './forbidden.js';
import {
  formatHost,
  type HostPort,
  isSameHost,
  normaliseHostname,
  normaliseServerName,
  parseHostPort,
  parseUrl,
} from './host-port.js';

/** A checked place to send to. Nothing downstream reads the caller's text again. */
export interface Target extends HostPort {
  /** As people write it: `api.example.com`, `127.0.0.1:4010`. */
  label: string;
  isTls: boolean;
}

export interface HttpTarget extends Target {
  pathname: string;
  /** With its `?`, or ''. */
  search: string;
}

/** Names that mean something else on every machine or network. */
const localNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/** Parses an address once and checks it against the allowed hosts (`host` or `host:port`). Throws CallEnded. */
export function parseHttpTarget(text: unknown, hosts: readonly string[]): HttpTarget {
  const url = typeof text === 'string' ? parseUrl(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refused('broker.bad_request', "The address isn't a full https:// address.");
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('broker.bad_request', 'The address carries a user name or password: put them into the connection.');
  }
  const isTls = url.protocol === 'https:';
  const host = normaliseHostname(url.hostname);
  if (host === null) throw refused('broker.bad_request', "The address isn't a full https:// address.");
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const target = assertAllowedHost({ host, port }, hosts);
  return { ...target, isTls, pathname: url.pathname, search: url.search };
}

/** The host is one of the allowed ones, exactly. Throws CallEnded. */
function assertAllowedHost(wanted: HostPort, hosts: readonly string[]): HostPort & { label: string } {
  const label = formatHost(wanted);
  const isAllowed = hosts.some((entry) => {
    const allowed = parseHostPort(entry);
    return allowed !== null && isSameHost(allowed, wanted);
  });
  if (!isAllowed) {
    throw refused(
      'broker.host_not_allowed',
      `${label} isn't a host that this connection may be used with: nothing was sent.`,
      { code: 'broker.host_not_allowed', detail: label },
    );
  }
  return { ...wanted, label };
}

/** Where a connection's own server is: one of the allowed hosts, exactly. Throws CallEnded. */
export function assertAllowedServer(server: HostPort, hosts: readonly string[]): HostPort & { label: string } {
  const host = normaliseServerName(server.host);
  if (host === null) throw refused('broker.bad_request', "The connection's server isn't a host name.");
  return assertAllowedHost({ host, port: server.port }, hosts);
}

/** What can be said about a place before its name is looked up. Throws CallEnded. */
export function assertReachable(target: Target, allowList: AllowList): void {
  const { host, label } = target;
  if (isMetadataName(host) || isMetadataAddress(host)) throw unreachable(label, { code: 'metadata', detail: host });
  if (allowList.lists(target)) return;
  if (isIP(host) !== 0) {
    const why = whyNotPublic(host);
    if (why !== null) throw unreachable(label, { code: 'private_address', detail: `${host}: ${why}` });
    throw refused(
      'egress.ip_literal',
      `${label} is a bare address: use the service's name, or list it in SLUICE_ALLOW_PRIVATE_HOSTS.`,
    );
  }
  if (!host.includes('.') || localNames.test(host)) throw unreachable(label, { code: 'private_name', detail: null });
  if (!target.isTls) {
    throw refused(
      'egress.cleartext',
      `${label} would be called without encryption: use https, or list it in SLUICE_ALLOW_PRIVATE_HOSTS.`,
    );
  }
}
