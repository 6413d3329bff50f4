import type { HttpRequest } from '@sluice/shared/connector';
import type { BrokerRequest } from './call.js';
import { maxBodyBytes } from './drivers/http-body.js';
import type { PlainHttpRequest, PlainRequest } from './messages.js';
import { refused } from './refusal.js';

/** A request as any link can carry it. Throws CallEnded. */
export function toPlainRequest(request: BrokerRequest): PlainRequest {
  if (request.kind === 'http') return { kind: 'http', request: withTextBody(request.request) };
  if (request.kind === 'notice-call' || request.kind === 'oauth') return request;
  const { text = '', html = '' } = request.message;
  assertSize(text.length + html.length);
  return request;
}

/** An object becomes JSON, a URLSearchParams a form, text stays as it is; so does a content-type that is given. */
function withTextBody({ method, url, headers = {}, body, redirects = 0 }: HttpRequest): PlainHttpRequest {
  if (body === undefined) return { method, url, headers, body: null, redirects };
  const { text, contentType } = encodeBody(body);
  assertSize(text.length);
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const typed = isTyped ? headers : { 'content-type': contentType, ...headers };
  return { method, url, headers: typed, body: text, redirects };
}

function encodeBody(body: NonNullable<HttpRequest['body']>): { text: string; contentType: string } {
  if (typeof body === 'string') return { text: body, contentType: 'text/plain; charset=utf-8' };
  if (body instanceof URLSearchParams)
    return { text: body.toString(), contentType: 'application/x-www-form-urlencoded' };
  try {
    return { text: JSON.stringify(body), contentType: 'application/json' };
  } catch {
    throw refused('broker.bad_request', "The body can't be written as JSON: nothing was sent.");
  }
}

/** In characters, so that no frame becomes huge; the broker counts the bytes. */
function assertSize(length: number): void {
  if (length > maxBodyBytes)
    throw refused('broker.bad_request', 'The body is larger than 10 MiB: send less at a time.');
}
