import type { HttpReply } from '@sluice/shared/connector';
import type { HttpTarget } from '../egress/target.js';
import type { OutgoingRequest } from '../inject.js';
import type { PlainHttpRequest } from '../messages.js';
import { refused } from '../refusal.js';
import type { Stripper } from '../strip.js';
import { maxBodyBytes, parseBody } from './http-body.js';
import type { RawReply } from './http-exchange.js';

/** Framing and routing are ours: with these a request could be split, or reach another host behind the same address. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Checks what a connector wants to send. Throws CallEnded. */
export function prepareRequest(
  request: PlainHttpRequest,
  target: HttpTarget,
): OutgoingRequest & { body: Buffer | null } {
  const method = request.method.toUpperCase();
  if (!methods.has(method))
    throw refused('broker.bad_request', 'The method is none of GET, HEAD, OPTIONS, POST, PUT, PATCH and DELETE.');
  const body = request.body === null ? null : Buffer.from(request.body);
  if (body !== null && body.length > maxBodyBytes)
    throw refused('broker.bad_request', 'The body is larger than 10 MiB: send less at a time.');
  const headers: Record<string, string> = {
    'user-agent': 'Sluice',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    ...readHeaders(request.headers),
  };
  return { method, pathname: target.pathname, search: target.search, headers, body };
}

function readHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [givenName, value] of Object.entries(given)) {
    const name = givenName.toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw refused('broker.bad_request', 'A header has a name or value that HTTP does not allow.');
    }
    if (ownHeaders.has(name)) throw refused('broker.bad_request', `The header ${name} is set by Sluice: remove it.`);
    if (Object.hasOwn(headers, name)) throw refused('broker.bad_request', `The header ${name} is given twice.`);
    Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return headers;
}

/** The connector's view of an answer: no cookies, no trace of the secret. */
export function readReply(reply: RawReply, stripper: Stripper): HttpReply {
  const headers = Object.entries(reply.headers).flatMap(([name, value]) => {
    if (value === undefined || name === 'set-cookie') return [];
    return [[name, stripper.text(Array.isArray(value) ? value.join(', ') : value)] as const];
  });
  const contentType = reply.headers['content-type'];
  const body = parseBody(reply.body, typeof contentType === 'string' ? contentType : undefined);
  return { status: reply.status, headers: Object.fromEntries(headers), body: stripper.data(body) };
}
