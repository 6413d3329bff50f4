import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

const proxyRanges = new Set(['loopback', 'private', 'uniqueLocal']);

/** Who sent it. X-Forwarded-For is believed only of a proxy on this machine or network, and only its own last word. */
export function senderAddress(req: IncomingMessage): string {
  const direct = req.socket.remoteAddress ?? '';
  const forwarded = req.headers['x-forwarded-for'];
  if (typeof forwarded !== 'string' || !ipaddr.isValid(direct) || !proxyRanges.has(ipaddr.process(direct).range()))
    return direct;
  const last = forwarded.split(',').at(-1)?.trim() ?? '';
  return ipaddr.isValid(last) ? last : direct;
}
