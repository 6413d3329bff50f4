import type { ServerResponse } from 'node:http';
import type { RunReply } from '../engine/run-memory.js';
import type { Problem } from '../platform/problem.js';
import { type RefusalCode, refusals } from './refusals.js';

const json = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** Refused before the body was read to its end. */
const unread: ReadonlySet<number> = new Set([405, 408, 413, 415, 429, 507]);

/** Headers that belong to the connection or protect this origin: a flow must not set them. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'content-security-policy',
  'date',
  'keep-alive',
  'set-cookie',
  'strict-transport-security',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-content-type-options',
]);

export function sendIds(
  res: ServerResponse,
  status: 200 | 202,
  ids: { eventId: string | null; runId: string | null },
): void {
  send(res, { status, headers: json, text: JSON.stringify(ids) });
}

export function sendRefusal(
  res: ServerResponse,
  code: RefusalCode,
  { requestId, retryAfterSeconds }: { requestId: string; retryAfterSeconds?: number | undefined },
): void {
  const [status, message] = refusals[code];
  const headers: Record<string, string> = { ...json };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  // What is left of the body is not read.
  if (unread.has(status)) headers['connection'] = 'close';
  if (status === 405) headers['allow'] = 'POST';
  send(res, { status, headers, text: JSON.stringify({ code, message, requestId }) });
}

export function sendText(res: ServerResponse, status: number, text: string): void {
  send(res, { status, headers: json, text });
}

export function sendProblem(res: ServerResponse, problem: Problem, requestId: string): void {
  const headers: Record<string, string> = { ...json, connection: 'close' };
  if (problem.retryAfterSeconds !== undefined) headers['retry-after'] = String(problem.retryAfterSeconds);
  const { status, code, message } = problem;
  send(res, { status, headers, text: JSON.stringify({ code, message, requestId }) });
}

/** What a respond step said. It stands on our own origin, so a browser gets it without any rights. */
export function sendReply(res: ServerResponse, { status, headers, body }: RunReply): void {
  const own: Record<string, string> = Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !ownHeaders.has(name) && !name.startsWith('access-control-')),
  );
  const isText = typeof body === 'string';
  const guard = {
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  const type: Record<string, string> =
    body === undefined
      ? {}
      : { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8' };
  const text = body === undefined || status === 204 || status === 304 ? '' : isText ? body : JSON.stringify(body);
  send(res, { status, headers: { ...type, ...guard, ...own }, text });
}

function send(
  res: ServerResponse,
  { status, headers, text }: { status: number; headers: Record<string, string>; text: string },
): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  res.end(text);
}
