import { FileBody, FormBody, type HttpRequest } from '@sluice/shared/connector';
import type { BrokerRequest } from './call.js';
import { maxBodyBytes } from './drivers/http-body.js';
import type { Pieces } from './files/file-ticket.js';
import { piecesOf, ticketOf } from './files/pieces-of.js';
import type { PlainHttpRequest, PlainRequest } from './messages.js';
import { refused } from './refusal.js';

/** A request as any link can carry it. Throws CallEnded. */
export function toPlainRequest(request: BrokerRequest): PlainRequest {
  if (request.kind === 'http') return { kind: 'http', request: plainHttp(request) };
  const { kind } = request;
  // What is asked of an IMAP server is short; its driver refuses what is not.
  if (kind === 'notice-call' || kind === 'document' || kind === 'oauth' || kind === 'imap') return request;
  if (request.kind === 'sql' || request.kind === 'sign') {
    assertSize(JSON.stringify(request.request).length);
    return request;
  }
  if (request.kind === 'sftp') {
    if (request.request.do === 'put') assertSize(request.request.content.length);
    return request;
  }
  const { text = '', html = '' } = request.message;
  assertSize(text.length + html.length);
  if (request.kind !== 'mail' || request.files === undefined) return { kind: request.kind, message: request.message };
  const { files } = request;
  return {
    kind: 'mail',
    message: request.message,
    files: request.message.attachments?.map(({ file }) => ticketOf(files, file)),
  };
}

function plainHttp({ request, files = new Map(), keep }: Extract<BrokerRequest, { kind: 'http' }>): PlainHttpRequest {
  const { body } = request;
  const isOfFiles = body instanceof FileBody || body instanceof FormBody;
  const plain = isOfFiles ? withPieces(request, piecesOf(body, files)) : withTextBody(request);
  return keep === undefined ? plain : { ...plain, keep };
}

function withPieces(
  { method, url, headers = {}, redirects = 0 }: HttpRequest,
  { contentType, pieces }: { contentType: string; pieces: Pieces },
): PlainHttpRequest {
  return { method, url, headers: typed(headers, contentType), body: null, redirects, pieces };
}

/** An object becomes JSON, a URLSearchParams a form, text stays as it is; so does a content-type that is given. */
function withTextBody({ method, url, headers = {}, body, redirects = 0 }: HttpRequest): PlainHttpRequest {
  if (body === undefined) return { method, url, headers, body: null, redirects };
  const { text, contentType } = encodeBody(body);
  assertSize(text.length);
  return { method, url, headers: typed(headers, contentType), body: text, redirects };
}

function typed(headers: Readonly<Record<string, string>>, contentType: string): Record<string, string> {
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return isTyped ? headers : { 'content-type': contentType, ...headers };
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
