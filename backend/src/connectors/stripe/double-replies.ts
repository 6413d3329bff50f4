import type { HttpReply } from '@sluice/shared/connector';

export function problem(
  status: number,
  error: Record<string, string>,
  headers: Record<string, string> = {},
): HttpReply {
  return json(status, { error: { type: 'invalid_request_error', ...error } }, headers);
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}
